namespace CallTracker.Media.Quality;

/// <summary>
/// What reports tell of one side of a session, beside what its packets tell. A slot of <see cref="QualityDesk"/>; the
/// worker alone touches it.
/// </summary>
internal struct QualitySide
{
    /// <summary>Of what it sends and receives; default until it is described.</summary>
    public CodecImpairment Codec;
    /// <summary>It asked for no RTCP (RFC 3556).</summary>
    public bool IsRtcpOff;
    /// <summary>-1 before the answer.</summary>
    public long AnsweredMs;
    /// <summary>When a report came from it; -1 when none did.</summary>
    public long LastReportMs;
    /// <summary>The middle 32 bits of the NTP time of its last sender report; 0 when none came.</summary>
    public uint LastSenderReport;
    public long LastSenderReportMs;
    /// <summary>Datagrams of RTCP from it that held a report.</summary>
    public uint ReportsHeard;
    /// <summary>Packets of what we sent that it says it lost.</summary>
    public int PeerLost;
    /// <summary>Jitter of what we sent as it says, in units of that stream's clock.</summary>
    public uint PeerJitter;
    public RoundTrip RoundTrip;
    /// <summary>Our own reports to it.</summary>
    public uint ReportsMade;
    public long NextReportMs;
    public ulong ReportedExpected;
    public ulong ReportedLost;
    public ulong ReportedRelayed;
    public ushort ReportedSequence;
    public ushort SequenceWraps;
    /// <summary>Our name as long as nothing is sent to it; 0 until one is drawn.</summary>
    public uint OwnSsrc;
}
