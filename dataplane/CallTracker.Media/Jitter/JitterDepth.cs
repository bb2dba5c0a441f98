namespace CallTracker.Media.Jitter;

/// <summary>
/// How deep a <see cref="JitterBuffer"/> should be: as far as the latest packets came behind the earliest ones. A peak
/// counts at once and fades within some seconds; the earliest is forgotten slowly, as clocks drift. Part of its buffer.
/// </summary>
internal struct JitterDepth
{
    // At fifty packets a second a peak has lost half after 7 s.
    private const int FadeShift = 9;
    // 100 parts in a million are 2 us in 20 ms.
    private const long DriftUs = 2;
    private long _earliestUs;
    private long _spreadUs;

    public readonly long SpreadUs => _spreadUs;

    /// <summary>Takes a packet into account.</summary>
    /// <param name="transitUs">Arrival less timestamp, whatever the clocks' beginnings are.</param>
    public void Add(long transitUs)
    {
        _earliestUs = Math.Min(_earliestUs + DriftUs, transitUs);
        _spreadUs = Math.Max(_spreadUs - (_spreadUs >> FadeShift), transitUs - _earliestUs);
    }

    /// <summary>Times are counted from elsewhere now; how uneven the path is stays known.</summary>
    /// <param name="transitUs">Of the first packet.</param>
    public void Restart(long transitUs) => _earliestUs = transitUs;
}
