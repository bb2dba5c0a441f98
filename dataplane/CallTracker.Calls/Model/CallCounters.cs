namespace CallTracker.Calls.Model;

/// <summary>
/// One worker's counts since its start. Written by the worker, read by the metrics thread without synchronisation.
/// </summary>
public sealed class CallCounters
{
    private readonly long[] _outcomes = new long[(int)CallOutcome.LineUnavailable + 1];
    private readonly long[] _reasons = new long[(int)EndReason.DestinationForbidden + 1];
    private readonly long[] _postDialDelay = new long[PostDialDelayBoundsMs.Length + 1];

    /// <summary>Upper bounds of the post-dial delay histogram's buckets, in milliseconds.</summary>
    public static ReadOnlySpan<int> PostDialDelayBoundsMs => [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

    public long Started { get; set; }
    public long Answered { get; set; }
    /// <summary>Of these, calls whose media goes from peer to peer.</summary>
    public long AnsweredDirect { get; set; }
    public long Ended { get; set; }
    /// <summary>Calls up now.</summary>
    public long Active { get; set; }
    /// <summary>Requests outside any dialog or transaction we know (481).</summary>
    public long UnknownDialog { get; set; }
    /// <summary>Datagrams from sources no trunk names; never answered.</summary>
    public long UnknownSource { get; set; }
    /// <summary>Requests inside a dialog from a source that is not its peer's trunk; not acted upon.</summary>
    public long ForeignRequests { get; set; }
    /// <summary>Messages the parser refused; answered with 400 and the like where that is possible.</summary>
    public long Malformed { get; set; }
    /// <summary>Responses that match no transaction.</summary>
    public long StrayResponses { get; set; }
    /// <summary>Attempts made because another trunk failed for the same destination.</summary>
    public long TrunkFailovers { get; set; }
    /// <summary>Transfers (REFER) whose target answered and took the place of who referred.</summary>
    public long TransfersJoined { get; set; }
    /// <summary>Transfers that were begun and came to nothing.</summary>
    public long TransfersFailed { get; set; }
    /// <summary>REFERs refused.</summary>
    public long TransfersRefused { get; set; }
    /// <summary>New INVITEs refused by admission control; a repeated one counts once.</summary>
    public long InvitesShed { get; set; }
    /// <summary>Repetitions of refused INVITEs, refused again.</summary>
    public long InvitesShedAgain { get; set; }
    /// <summary>ACKs to such refusals, dropped unread.</summary>
    public long AcksShed { get; set; }
    /// <summary>
    /// Holds that stayed silent although the trunk has music: no prompt of that id, or none in the codec.
    /// </summary>
    public long HoldsWithoutMusic { get; set; }
    /// <summary>Sum of post-dial delays, in milliseconds.</summary>
    public long PostDialDelayMsSum { get; set; }

    /// <summary>Calls ended, by outcome.</summary>
    public ReadOnlySpan<long> Outcomes => _outcomes;

    /// <summary>Calls ended, by reason.</summary>
    public ReadOnlySpan<long> Reasons => _reasons;

    /// <summary>
    /// INVITE to the first 18x or 2xx of a destination: counts per bucket (not cumulative), the last unbounded.
    /// </summary>
    public ReadOnlySpan<long> PostDialDelay => _postDialDelay;

    internal void CountEnd(CallFacts facts)
    {
        Ended++;
        _outcomes[(int)facts.Outcome]++;
        _reasons[(int)facts.Reason]++;
    }

    internal void CountPostDialDelay(long delayMs)
    {
        PostDialDelayMsSum += delayMs;
        var bucket = 0;
        while (bucket < PostDialDelayBoundsMs.Length && delayMs > PostDialDelayBoundsMs[bucket]) bucket++;
        _postDialDelay[bucket]++;
    }
}
