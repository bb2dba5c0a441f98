using CallTracker.Calls.Routing;
using CallTracker.Core.Time;

namespace CallTracker.Node.Streams;

/// <summary>What the readers, writers and listeners of connections share; made once by the hub.</summary>
internal sealed record StreamParts
{
    public required StreamSettings Settings { get; init; }
    public required StreamCounters Counters { get; init; }
    public required StreamTable Table { get; init; }
    public required StreamInbox Inbox { get; init; }
    public required IClock Clock { get; init; }
    /// <summary>The trunks in force.</summary>
    public required Func<TrunkTable> Trunks { get; init; }
    public required StrangerGate Strangers { get; init; }
    /// <summary>Takes a message that its connection did not deliver; its bytes are valid during the call.</summary>
    public required Action<StreamConnection, StreamWrite> Undelivered { get; init; }
}
