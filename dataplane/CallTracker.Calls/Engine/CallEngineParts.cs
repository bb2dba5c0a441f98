using CallTracker.Calls.Access;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Tracing;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>What the node gives a worker's engine at start.</summary>
public sealed record CallEngineParts
{
    public required byte Worker { get; init; }
    /// <summary>Random bits of this node start, the same for all workers.</summary>
    public required uint NodeStart { get; init; }
    /// <summary>Unguessable seed of this worker's tags and branches.</summary>
    public required ulong Seed { get; init; }
    public required CallSettings Settings { get; init; }
    public required TransactionSettings Transactions { get; init; }
    public required IRouteSource Routes { get; init; }
    public required ICallJournal Journal { get; init; }
    public required ISipSender Sender { get; init; }
    public required MediaRelay Media { get; init; }
    /// <summary>Shared by all workers: what can be played, by id.</summary>
    public PromptStore Prompts { get; init; } = new();
    /// <summary>Null verifies and signs nothing.</summary>
    public IStirService? Stir { get; init; }
    /// <summary>Shared by all workers: who may come in, and who registered.</summary>
    public NodeAccess Access { get; init; } = new();
    /// <summary>The workers that share the probing of trunks, this one among them; 0: nobody probes.</summary>
    public int ProbingWorkers { get; init; }
    /// <summary>Where messages are kept for traces; null keeps none.</summary>
    public TraceRing? Trace { get; init; }
    /// <summary>Told of the quality of each answered call at its end; null: nobody.</summary>
    public ICallQuality? Quality { get; init; }
}
