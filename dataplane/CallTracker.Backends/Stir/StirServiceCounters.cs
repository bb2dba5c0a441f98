namespace CallTracker.Backends.Stir;

/// <summary>What the STIR service counts for the metrics. Any thread.</summary>
public sealed class StirServiceCounters
{
    private long _fetched;
    private long _fetchFailures;
    private long _replays;
    private long _refused;
    private long _lost;

    /// <summary>Certificates fetched.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary>Certificates that could not be had.</summary>
    public long FetchFailures => Interlocked.Read(ref _fetchFailures);

    /// <summary>PASSporTs seen again on another call.</summary>
    public long Replays => Interlocked.Read(ref _replays);

    /// <summary>Jobs not taken because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Answers that a full mailbox did not take.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    internal void CountFetch(bool isGood) =>
        _ = isGood ? Interlocked.Increment(ref _fetched) : Interlocked.Increment(ref _fetchFailures);

    internal void CountReplay() => Interlocked.Increment(ref _replays);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountLost() => Interlocked.Increment(ref _lost);
}
