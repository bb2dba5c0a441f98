namespace CallTracker.Media.Transcoding;

/// <summary>
/// Places what comes with one stream's sequence and timestamps on another stream's clock. Pauses and losses stay as
/// long as they were; another source, or a jump back, goes on where the last ended. Part of its converter.
/// </summary>
internal struct RtpTimeline
{
    private const int MisorderMax = 100;
    private const int DropoutMax = 3000;
    private bool _started;
    private uint _ssrc;
    private ushort _sequence;
    private uint _anchorIn;
    private uint _anchorOut;
    private int _inClockHz;

    /// <summary>The clock of what goes out.</summary>
    public int OutClockHz { get; private set; }

    /// <summary>The source heard last.</summary>
    public readonly uint SourceSsrc => _ssrc;

    /// <summary>Packets between the last and this one that did not come.</summary>
    public int Lost { get; private set; }

    /// <summary>True when the packet taken last began a stream.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The next packet begins a stream.</summary>
    public void Restart(int outClockHz) => (_started, OutClockHz) = (false, outClockHz);

    /// <summary>
    /// Looks at a packet's place in the sequence; false when it is a late one or a copy, which cannot be made good: a
    /// codec has gone on without it.
    /// </summary>
    public bool TryTake(uint ssrc, ushort sequence)
    {
        var ahead = (short)(sequence - _sequence);
        IsNew = !_started || ssrc != _ssrc || ahead <= -MisorderMax || ahead > DropoutMax;
        if (!IsNew && ahead <= 0) return false;
        Lost = IsNew ? 0 : ahead - 1;
        (_ssrc, _sequence) = (ssrc, sequence);
        return true;
    }

    /// <summary>The timestamp to go out with audio that came with a timestamp of a clock.</summary>
    /// <param name="timestamp">As it came.</param>
    /// <param name="clockHz">Its clock.</param>
    /// <param name="end">Where the audio before it ends, on the outgoing clock.</param>
    public uint Place(uint timestamp, int clockHz, uint end)
    {
        var isContinued = _started && !IsNew && clockHz == _inClockHz;
        var placed = isContinued ? Project(timestamp) : end;
        // What would lie before the end, or so far ahead that it wraps, is a new beginning.
        if ((int)(placed - end) < 0) placed = end;
        (_started, _inClockHz) = (true, clockHz);
        (_anchorIn, _anchorOut) = (timestamp, placed);
        return placed;
    }

    /// <summary>The same for a digit, which has its place beside the audio and moves nothing.</summary>
    public uint PlaceBeside(uint timestamp, int clockHz, uint end)
    {
        if (!_started || IsNew) return Place(timestamp, clockHz, end);
        return clockHz == _inClockHz ? Project(timestamp) : end;
    }

    /// <summary>Where a timestamp of the source lies, wherever the audio before it ends.</summary>
    public readonly uint Project(uint timestamp)
    {
        if (_inClockHz == 0) return timestamp;
        var difference = (long)(int)(timestamp - _anchorIn);
        return _anchorOut + (uint)(difference * OutClockHz / _inClockHz);
    }

    /// <summary>A length of time on the clock that goes out, on the one that comes in.</summary>
    public readonly uint Reflect(uint time) =>
        OutClockHz == 0 ? time : (uint)Math.Min((ulong)time * (uint)_inClockHz / (uint)OutClockHz, uint.MaxValue);
}
