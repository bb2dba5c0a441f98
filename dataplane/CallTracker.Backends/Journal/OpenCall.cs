using CallTracker.Calls.Model;

namespace CallTracker.Backends.Journal;

/// <summary>
/// A journalled call that is not over: its sealed caller and where it stands. Pooled and owned by one worker.
/// </summary>
internal sealed class OpenCall
{
    public CallFacts? Facts;
    public string SealedCaller = "";
    public ulong CallerKey;
    /// <summary>The segment of its newest entry; null while it could not be written.</summary>
    public JournalSegment? Segment;
}
