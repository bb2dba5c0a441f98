namespace CallTracker.Media.Relay;

/// <summary>
/// What a worker's relay did since start. The worker alone writes; other threads may read at any time and see each
/// number whole and a little old.
/// </summary>
public sealed class MediaCounters
{
    /// <summary>How many values <see cref="MediaDropReason"/> has.</summary>
    public const int ReasonCount = (int)MediaDropReason.SrtpNoKey + 1;
    private const int SideCount = 2;
    private readonly long[] _dropped = new long[ReasonCount];
    private readonly long[] _packets = new long[SideCount];
    private readonly long[] _bytes = new long[SideCount];
    private long _rtcpPackets;
    private long _learned;
    private long _refusals;

    /// <summary>RTCP datagrams sent on, both directions.</summary>
    public long RtcpRelayed => Volatile.Read(ref _rtcpPackets);

    /// <summary>Sides whose media came from another source than their SDP said.</summary>
    public long SourcesLearned => Volatile.Read(ref _learned);

    /// <summary>Port-unreachable answers to what was sent.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>RTP packets received from a side and sent on.</summary>
    public long PacketsRelayed(MediaSide from) => Volatile.Read(ref _packets[(int)from]);

    /// <summary>UDP payload bytes of <see cref="PacketsRelayed"/>.</summary>
    public long BytesRelayed(MediaSide from) => Volatile.Read(ref _bytes[(int)from]);

    public long Dropped(MediaDropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    internal void AddRelayed(int side, int bytes)
    {
        _packets[side]++;
        _bytes[side] += bytes;
    }

    internal void AddRelayed(int side, long packets, long bytes)
    {
        _packets[side] += packets;
        _bytes[side] += bytes;
    }

    internal void AddRtcpRelayed() => _rtcpPackets++;

    internal void AddLearned() => _learned++;

    internal void AddRefusal() => _refusals++;

    internal void AddDropped(MediaDropReason reason, int count = 1) => _dropped[(int)reason] += count;
}
