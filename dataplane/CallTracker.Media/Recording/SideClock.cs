namespace CallTracker.Media.Recording;

/// <summary>
/// Where a side's packets lie on the recording's clock: by their RTP timestamps from the first on, so that the
/// network's jitter is not heard, and by their arrival where the timestamps cannot be believed. The writer's thread.
/// </summary>
internal struct SideClock
{
    /// <summary>A jump of the timestamps that differs so much from the arrival is not believed, in samples.</summary>
    public const int JumpMax = 200 * SideWindow.SamplesPerMs;
    /// <summary>Sound is never placed further ahead of its arrival, in samples.</summary>
    public const int AheadMax = 500 * SideWindow.SamplesPerMs;
    /// <summary>The two clocks are brought together when they are apart by more, in samples.</summary>
    public const int DriftMax = 10 * SideWindow.SamplesPerMs;
    /// <summary>The least delay of so long is compared, in samples.</summary>
    private const int DriftWindow = 4000 * SideWindow.SamplesPerMs;
    private uint _timestamp;
    private int _ticksPerSample;
    private long _position;
    private long _leastDelay;
    private long _windowEnd;

    /// <summary>Times that a jump was not believed, or clocks were brought together.</summary>
    public int Corrections { get; private set; }

    /// <summary>A stream begins: its first sample lies where it arrived.</summary>
    /// <param name="timestamp">Of its first packet.</param>
    /// <param name="ticksPerSample">RTP time of a sample of 8 kHz.</param>
    /// <param name="arrival">When it came, in samples.</param>
    public long Begin(uint timestamp, int ticksPerSample, long arrival)
    {
        _ticksPerSample = ticksPerSample;
        Anchor(timestamp, arrival);
        return _position;
    }

    /// <summary>Where a packet lies that comes after all others of its stream.</summary>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="isContinuous">It says what the sequence number and the length of packets say.</param>
    /// <param name="arrival">When it came, in samples.</param>
    public long Next(uint timestamp, bool isContinuous, long arrival)
    {
        var position = Of(timestamp);
        var delay = arrival - position;
        // Late in step is a network that stood still: what it held back follows, and is placed where it belongs.
        if (delay < -AheadMax || (!isContinuous && Math.Abs(delay) > JumpMax))
        {
            Corrections++;
            Anchor(timestamp, arrival);
            return _position;
        }
        (_timestamp, _position) = (timestamp, position);
        _leastDelay = Math.Min(_leastDelay, delay);
        if (arrival >= _windowEnd) Compare(arrival);
        return _position;
    }

    /// <summary>Where a packet lies that was overtaken by others.</summary>
    public readonly long Of(uint timestamp) => _position + ((int)(timestamp - _timestamp) / _ticksPerSample);

    // Sender's and receiver's crystals differ, and paths get longer: even the fastest packet of the window was late, or
    // came before its time.
    private void Compare(long arrival)
    {
        if (Math.Abs(_leastDelay) > DriftMax)
        {
            Corrections++;
            _position += Whole(_leastDelay);
        }
        OpenWindow(arrival);
    }

    private void Anchor(uint timestamp, long arrival)
    {
        (_timestamp, _position) = (timestamp, Whole(arrival));
        OpenWindow(arrival);
    }

    private void OpenWindow(long arrival) => (_leastDelay, _windowEnd) = (long.MaxValue, arrival + DriftWindow);

    // Whole milliseconds, so that packets of whole milliseconds fill them.
    private static long Whole(long samples) => samples - (samples % SideWindow.SamplesPerMs);
}
