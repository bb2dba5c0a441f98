namespace CallTracker.Calls.Model;

/// <summary>
/// The durable journal of one worker's calls, called by that worker only. Each call returns with the entry safe
/// against the death of the process; nothing waits for a disk.
/// </summary>
public interface ICallJournal
{
    /// <summary>
    /// False when entries cannot be kept: new calls are then refused with 503, so that none goes unrecorded.
    /// </summary>
    bool IsWritable { get; }

    /// <summary>An INVITE was accepted for treatment.</summary>
    void Started(CallFacts facts);

    /// <summary>A destination answered; written before the caller is told.</summary>
    void Answered(CallFacts facts);

    /// <summary>The call is over; exactly once for each <see cref="Started"/>.</summary>
    void Ended(CallFacts facts);
}
