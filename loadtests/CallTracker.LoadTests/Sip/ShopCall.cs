using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Sip;

/// <summary>One forwarded call as the shop knows it. The driver's thread.</summary>
internal sealed class ShopCall
{
    /// <summary>Index of the caller's call, by the number shown.</summary>
    public required int Call { get; init; }

    public required IpEndpoint Peer { get; init; }

    public required byte[] Ok { get; init; }

    public required byte[] Ringing { get; init; }

    /// <summary>Where the node wants this side's media.</summary>
    public required string RelayMedia { get; init; }

    public bool IsAnswered { get; set; }

    public bool IsConfirmed { get; set; }

    public int Repetitions { get; set; }

    public TimerHandle Timer;
}
