using CallTracker.Contracts.Tracing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// One call as the trace sees it: its Call-IDs, and how far it was kept. Owned by the collector's task.
/// </summary>
internal sealed class TracedCall(string trnId)
{
    public string TrnId => trnId;

    public List<Conversation> Conversations { get; } = new(2);

    /// <summary>
    /// Whose it is, from the first INVITE to a destination on; outcome and end say nothing yet. Null before.
    /// </summary>
    public EndedCall? Start { get; set; }

    /// <summary>Null while the call is up.</summary>
    public EndedCall? End { get; set; }

    public string OperatorId => (End ?? Start)?.OperatorId ?? "";

    /// <summary>Messages kept so far.</summary>
    public int KeptCount { get; set; }

    /// <summary>Monotonic time of the next look at it, once it has ended or while it is kept as it goes.</summary>
    public long DueMs { get; set; }

    public TraceCause Cause { get; set; }

    /// <summary>The position of the last message kept.</summary>
    public long KeptThrough { get; set; } = -1;
}
