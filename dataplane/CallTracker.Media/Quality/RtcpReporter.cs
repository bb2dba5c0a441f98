using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Quality;

/// <summary>
/// Makes reports of our own to a side whose counterpart sends none: it hears how its stream arrives here, and its
/// answers tell the round trip. Looks at a tenth of the sessions every 100 ms. Owned by one relay; why it is so:
/// ops/decisions/0043-rtcp-relayed-and-made.md.
/// </summary>
internal sealed class RtcpReporter
{
    /// <summary>So long after the answer a side's own first report is waited for.</summary>
    public const int FirstReportMsMax = 8_000;
    /// <summary>A side that reported is silent after five intervals (RFC 3550 section 6.3.5).</summary>
    public const int NextReportMsMax = 25_000;
    /// <summary>Mean time between reports: the least that RFC 3550 section 6.2 permits without its reduction.</summary>
    public const int IntervalMs = 5_000;
    // RFC 3550 section 6.3.1: the chosen time is divided by e − 3/2, with which its mean comes out right.
    private const double Compensation = Math.E - 1.5;
    private const int RtpHeaderLength = 12;
    private readonly MediaSessionTable _table;
    private readonly QualityDesk _desk;
    private readonly RtcpPath _rtcp;
    private readonly byte[] _compound = new byte[RtcpReportWriter.LengthMax];
    private long _nextSliceMs = long.MinValue;
    private long _made;
    private int _slice;

    public RtcpReporter(MediaSessionTable table, QualityDesk desk, RtcpPath rtcp)
    {
        _table = table;
        _desk = desk;
        _rtcp = rtcp;
    }

    /// <summary>Reports sent since start; any thread may read it.</summary>
    public long Made => Volatile.Read(ref _made);

    public void Tick(long nowMs)
    {
        _desk.Tick(nowMs);
        if (nowMs < _nextSliceMs) return;
        _nextSliceMs = nowMs + MediaWatch.SlicePeriodMs;
        var slots = _table.Sessions.Length;
        var first = (int)((long)slots * _slice / MediaWatch.SliceCount);
        var end = (int)((long)slots * (_slice + 1) / MediaWatch.SliceCount);
        _slice = _slice + 1 == MediaWatch.SliceCount ? 0 : _slice + 1;
        for (var slot = first; slot < end; slot++)
        {
            ref readonly var session = ref _table.Sessions[slot];
            if (!session.IsOpen || !session.IsAnswered || session.IsOpaque) continue;
            Look(slot * 2, nowMs);
            Look((slot * 2) + 1, nowMs);
        }
    }

    private void Look(int to, long nowMs)
    {
        ref var state = ref _desk.At(to);
        if (state.IsRtcpOff || !_table.Sides[to].CanReceive || nowMs < state.NextReportMs) return;
        ref readonly var other = ref _desk.At(to ^ 1);
        var dueMs = other.LastReportMs < 0
            ? other.AnsweredMs + FirstReportMsMax
            : other.LastReportMs + NextReportMsMax;
        if (other.AnsweredMs < 0 || nowMs < dueMs) return;
        state.NextReportMs = nowMs + (long)(IntervalMs * (0.5 + Random.Shared.NextDouble()) / Compensation);
        Report(to, ref state, nowMs);
    }

    private void Report(int to, ref QualitySide state, long nowMs)
    {
        ref readonly var peer = ref _table.Sides[to].Received;
        ref readonly var source = ref _table.Sides[to ^ 1];
        if (peer.Expected == 0 && source.Relayed == 0) return;
        if (state.OwnSsrc == 0) state.OwnSsrc = (uint)Random.Shared.NextInt64(1, uint.MaxValue);
        // What we send on keeps its source's name, so the report of it bears that name too.
        var isSource = source is { Relayed: > 0, Received.HasTimestamp: true };
        var isSending = isSource && source.Relayed != state.ReportedRelayed;
        state.ReportedRelayed = source.Relayed;
        RtcpSenderInfo? sender = isSending ? InfoOf(source, nowMs) : null;
        RtcpReportBlock? block = peer.Expected > 0 ? BlockOf(peer, ref state, nowMs) : null;
        var ssrc = isSource ? source.Received.Ssrc : state.OwnSsrc;
        var length = RtcpReportWriter.Write(_compound, ssrc, sender, block);
        if (_rtcp.SendOwn(to, _compound.AsSpan(0, length)) != MediaDropReason.None) return;
        if (sender is { } info) state.RoundTrip.OnSent(info.NtpMiddle, nowMs);
        state.ReportsMade++;
        Volatile.Write(ref _made, _made + 1);
    }

    // A secure source's tags count as payload, as they were relayed or cut off.
    private static RtcpSenderInfo InfoOf(in MediaSideState source, long nowMs)
    {
        var sinceUnits = (nowMs - source.Received.LastMs) * source.ClockRateHz / 1000;
        var octets = source.RelayedBytes - (source.Relayed * RtpHeaderLength);
        return new RtcpSenderInfo(
            RtcpSenderInfo.NtpOf(nowMs), unchecked(source.Received.LastTimestamp + (uint)sinceUnits),
            (uint)source.Relayed, (uint)octets);
    }

    // RFC 3550 appendix A.3.
    private static RtcpReportBlock BlockOf(in RtpReceiveStats peer, ref QualitySide state, long nowMs)
    {
        if (peer.MaxSequence < state.ReportedSequence) state.SequenceWraps++;
        state.ReportedSequence = peer.MaxSequence;
        var expected = (long)(peer.Expected - state.ReportedExpected);
        var lost = (long)(peer.Lost - state.ReportedLost);
        (state.ReportedExpected, state.ReportedLost) = (peer.Expected, peer.Lost);
        var fraction = expected <= 0 || lost <= 0 ? 0 : Math.Min(255, lost * 256 / expected);
        var heldMs = state.LastSenderReport == 0 ? 0 : nowMs - state.LastSenderReportMs;
        return new RtcpReportBlock(
            peer.Ssrc, (byte)fraction, (int)Math.Min(peer.Lost, 0x7f_ffff),
            ((uint)state.SequenceWraps << 16) | peer.MaxSequence, peer.JitterUnits, state.LastSenderReport,
            (uint)Math.Min(uint.MaxValue, heldMs * 65_536 / 1000));
    }
}
