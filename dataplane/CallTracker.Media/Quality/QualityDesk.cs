using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Quality;

/// <summary>
/// Measures the quality of a relay's sessions: reads the reports that pass, puts them together with what the packets
/// tell, and rates it. Owned by one relay, used by its worker alone.
/// </summary>
public sealed class QualityDesk
{
    // What a listener's side adds to the delay of the way: one packet of 20 ms, and a jitter buffer that holds two
    // packets, or twice the mean jitter where that is more, up to what such buffers grow to.
    private const double PacketMs = 20;
    private const double BufferMsMin = 40;
    private const double BufferMsMax = 200;
    private readonly MediaSessionTable _table;
    private readonly QualitySide[] _sides;
    private long _nowMs;

    internal QualityDesk(MediaSessionTable table)
    {
        _table = table;
        _sides = new QualitySide[table.Sides.Length];
    }

    /// <summary>Takes what a side's SDP says; before that G.711 is taken, and reports are welcome.</summary>
    /// <param name="session">The session; nothing happens when it is closed.</param>
    /// <param name="side">The side.</param>
    /// <param name="codec">Of what it sends.</param>
    /// <param name="isRtcpOff">It wants no RTCP: none is made for it.</param>
    public void Describe(int session, MediaSide side, CodecImpairment codec, bool isRtcpOff)
    {
        if (!_table.TryFind(session, out var slot)) return;
        ref var state = ref _sides[(slot * 2) + (int)side];
        (state.Codec, state.IsRtcpOff) = (codec, isRtcpOff);
    }

    internal ref QualitySide At(int side) => ref _sides[side];

    /// <summary>Another leg begins on a side.</summary>
    internal void Begin(int side) => _sides[side] = new QualitySide
    {
        AnsweredMs = _table.Sessions[side >> 1].IsAnswered ? _nowMs : -1,
        LastReportMs = -1,
    };

    internal void OnAnswered(int slot, long nowMs)
    {
        _nowMs = nowMs;
        _sides[slot * 2].AnsweredMs = nowMs;
        _sides[(slot * 2) + 1].AnsweredMs = nowMs;
    }

    /// <summary>The time of the present turn, for figures that grow without an event.</summary>
    internal void Tick(long nowMs) => _nowMs = nowMs;

    /// <summary>Reads RTCP that a side sent and that goes on to the other one; in clear.</summary>
    internal void OnRtcp(int side, ReadOnlySpan<byte> compound, long nowMs)
    {
        ref var from = ref _sides[side];
        var reports = new RtcpReportReader(compound);
        while (reports.TryNext())
        {
            from.ReportsHeard++;
            from.LastReportMs = nowMs;
            if (reports.IsSender)
            {
                (from.LastSenderReport, from.LastSenderReportMs) = (reports.NtpMiddle, nowMs);
                _sides[side ^ 1].RoundTrip.OnSent(reports.NtpMiddle, nowMs);
            }
            for (var i = 0; i < reports.BlockCount; i++) Take(ref from, side, reports.Block(i), nowMs);
        }
    }

    /// <summary>What is known of a side at this moment.</summary>
    internal MediaQuality Of(int side)
    {
        ref readonly var state = ref _sides[side];
        ref readonly var media = ref _table.Sides[side];
        ref readonly var heard = ref media.Received;
        return new MediaQuality(
            heard.JitterUsMean, heard.JitterUsMax, heard.LongGaps, FirstPacketMs(state, heard), SilenceMs(media),
            state.RoundTrip.MeanUs, state.RoundTrip.LastUs, state.RoundTrip.MaxUs, MosOf(state, heard),
            state.PeerLost, state.PeerJitter, state.ReportsHeard, state.ReportsMade);
    }

    private void Take(ref QualitySide from, int side, in RtcpReportBlock block, long nowMs)
    {
        from.RoundTrip.OnAnswered(block.LastSenderReport, block.DelaySinceIt, nowMs);
        if (block.Ssrc != _table.Sides[side ^ 1].Received.Ssrc) return;
        (from.PeerLost, from.PeerJitter) = (block.Lost, block.Jitter);
    }

    private static long FirstPacketMs(in QualitySide state, in RtpReceiveStats heard) =>
        heard.Packets == 0 || state.AnsweredMs < 0 ? -1 : Math.Max(0, heard.FirstMs - state.AnsweredMs);

    private long SilenceMs(in MediaSideState media)
    {
        if (media.ExpectedSinceMs < 0) return 0;
        var sinceMs = media.Received.Packets == 0
            ? media.ExpectedSinceMs
            : Math.Max(media.ExpectedSinceMs, media.Received.LastMs);
        return Math.Max(0, _nowMs - sinceMs);
    }

    private static double MosOf(in QualitySide state, in RtpReceiveStats heard)
    {
        if (heard.Expected == 0) return 0;
        var bufferMs = Math.Clamp(2 * heard.JitterUsMean / 1000.0, BufferMsMin, BufferMsMax);
        var delayMs = (Math.Max(0, state.RoundTrip.MeanUs) / 2000.0) + PacketMs + bufferMs;
        var codec = state.Codec.Bpl > 0 ? state.Codec : CodecImpairment.G711;
        return EModel.Mos(EModel.Rating(delayMs, (double)heard.Lost / heard.Expected, codec));
    }
}
