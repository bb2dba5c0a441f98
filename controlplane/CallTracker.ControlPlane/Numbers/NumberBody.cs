using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>What a client sends to create or replace a tracking number.</summary>
public sealed record NumberBody
{
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when absent. Cannot be changed.</summary>
    public string? DialinId { get; init; }
    /// <summary>
    /// The number in any written form (0120-000-001, +81120000001); kept as digits. Cannot be changed.
    /// </summary>
    public required string DinId { get; init; }
    /// <summary>An advertiser of this operator.</summary>
    public required string ClientId { get; init; }
    /// <summary>1 to 200 characters.</summary>
    public required string DialinName { get; init; }
    /// <summary>1 to 10, tried in order; ring_sec 1 to 600 (default 30).</summary>
    public required IReadOnlyList<RouteDestination> Destinations { get; init; }
    /// <summary>
    /// Up to 50 leading digits of the destinations permitted (03, 0570, +1); absent or empty: Japanese numbers, without
    /// international, premium-rate (0990), caller-billed (0180, 0570), carrier-prefix (00) and three-digit services.
    /// Those need a prefix that is at least as long as theirs.
    /// </summary>
    public IReadOnlyList<string>? AllowedDestinations { get; init; }
    /// <summary>caller or system; bands that show system numbers only refuse caller.</summary>
    public CallerDisplay CallerDisplay { get; init; }
    /// <summary>The number shown when caller_display is system.</summary>
    public string? SystemNumber { get; init; }
    /// <summary>
    /// Whose voice is recorded from the answer on: off (default), both (stereo), caller or callee. The next call sees
    /// it.
    /// </summary>
    public RecordingSetting Recording { get; init; }
    /// <summary>
    /// Days after a call that its recording is deleted, up to 3650; 0 (default) keeps it until somebody deletes it. It
    /// holds for calls from now on.
    /// </summary>
    public int RecordingDays { get; init; }
    /// <summary>False: calls are refused as if the number did not exist.</summary>
    public bool Enabled { get; init; } = true;
}
