using System.Buffers.Binary;
using CallTracker.Core.Net;
using CallTracker.Media.Quality;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Relay;

/// <summary>
/// The path of RTCP: from its own port, or from the RTP port of a side that agreed to rtcp-mux (RFC 5761), to wherever
/// the other side takes it. Reports pass unchanged: SSRC, sequence and timestamps of the relayed RTP are unchanged too;
/// names are written over, and the quality desk reads along; those of a converted call are translated. Reports of our
/// own leave by the same way.
/// Owned by one relay.
/// </summary>
internal sealed class RtcpPath
{
    private const int DatagramBytesMax = 2048;
    // With room behind the longest datagram for what a secure side adds.
    private readonly byte[] _buffer =
        GC.AllocateUninitializedArray<byte>(DatagramBytesMax + SrtpSuites.OverheadMax, pinned: true);
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly MediaCounters _counters;
    private readonly QualityDesk _quality;

    public RtcpPath(MediaSessionTable table, MediaSockets sockets, MediaCounters counters, QualityDesk quality)
    {
        _table = table;
        _sockets = sockets;
        _counters = counters;
        _quality = quality;
    }

    public void Receive(int sideNumber, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        var room = _buffer.AsSpan(0, DatagramBytesMax);
        var length = UdpSocket.ReceiveFrom(from.RtcpSocket, room, out var source);
        if (length < 0)
        {
            if (length == UdpSocket.Refused) _counters.AddRefusal();
            return;
        }
        if (length > DatagramBytesMax)
        {
            Drop(ref from, MediaDropReason.TooLong);
            return;
        }
        var datagram = _buffer.AsSpan(0, length);
        if (from.Rtcp.IsLatched && source != from.Rtcp.Peer)
        {
            Drop(ref from, MediaDropReason.UnknownSource);
            return;
        }
        if (from.Srtp is not null && !TryOpen(ref from, ref datagram)) return;
        var isOpaque = _table.Sessions[sideNumber >> 1].IsOpaque;
        var reason = isOpaque || MediaDemux.IsWholeRtcp(datagram)
            ? from.Rtcp.Judge(source, from.Latch, !isOpaque && IsOfStream(from, datagram))
            : MediaDropReason.NotRtcp;
        if (reason != MediaDropReason.None)
        {
            Drop(ref from, reason);
            return;
        }
        MediaSockets.FixRtcp(ref from);
        HandOn(sideNumber, datagram, nowMs);
    }

    /// <summary>Sends a compound of our own to a side, sealed where it is secure.</summary>
    public MediaDropReason SendOwn(int sideNumber, ReadOnlySpan<byte> compound)
    {
        compound.CopyTo(_buffer);
        return Send(ref _table.Sides[sideNumber], _buffer.AsSpan(0, compound.Length));
    }

    // Every RTCP packet begins with its sender's SSRC behind the first word (RFC 3550 section 6.4). A side that agreed
    // to rtcp-mux has no reason to be learned on this port.
    private static bool IsOfStream(in MediaSideState from, ReadOnlySpan<byte> datagram) =>
        !from.RtcpMux
        && from.Received.Packets > 0
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == from.Received.Ssrc;

    /// <summary>Takes RTCP that came on the RTP port: the RTP latch decides, and RTCP alone never moves it.</summary>
    public void TakeMuxed(int sideNumber, ReadOnlySpan<byte> datagram, in IpEndpoint source, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        if (from.Srtp is null && !MediaDemux.IsWholeRtcp(datagram)) Drop(ref from, MediaDropReason.NotRtcp);
        else if (source != from.Latch.Source) Drop(ref from, MediaDropReason.UnknownSource);
        else if (!datagram.TryCopyTo(_buffer)) Drop(ref from, MediaDropReason.TooLong);
        else TakeCopy(sideNumber, _buffer.AsSpan(0, datagram.Length), nowMs);
    }

    private void TakeCopy(int sideNumber, Span<byte> datagram, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        if (from.Srtp is not null && !TryOpen(ref from, ref datagram)) return;
        if (from.Srtp is null || MediaDemux.IsWholeRtcp(datagram)) HandOn(sideNumber, datagram, nowMs);
        else Drop(ref from, MediaDropReason.NotRtcp);
    }

    private bool TryOpen(ref MediaSideState from, ref Span<byte> datagram)
    {
        var reason = SrtpGate.OpenRtcp(from.Srtp!, ref datagram);
        if (reason != MediaDropReason.None) Drop(ref from, reason);
        return reason == MediaDropReason.None;
    }

    // The datagram stands at the start of the buffer.
    private MediaDropReason Send(ref MediaSideState to, Span<byte> datagram)
    {
        var length = datagram.Length;
        var reason = to.Srtp is null
            ? MediaDropReason.None
            : SrtpGate.SealRtcp(to.Srtp, _buffer, ref length);
        return reason == MediaDropReason.None ? _sockets.SendRtcp(ref to, _buffer.AsSpan(0, length)) : reason;
    }

    private void HandOn(int sideNumber, Span<byte> datagram, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        if (!_table.Sessions[sideNumber >> 1].IsOpaque)
        {
            RtcpNames.Hide(datagram);
            _quality.OnRtcp(sideNumber, datagram, nowMs);
        }
        if (from.Converter is { } forth)
            ConvertedRtcp.Translate(datagram, forth, _table.Sides[sideNumber ^ 1].Converter!);
        from.RtcpPackets++;
        from.AliveMs = nowMs;
        var reason = Send(ref _table.Sides[sideNumber ^ 1], datagram);
        if (reason != MediaDropReason.None)
        {
            Drop(ref from, reason);
            return;
        }
        from.RtcpRelayed++;
        _counters.AddRtcpRelayed();
    }

    private void Drop(ref MediaSideState from, MediaDropReason reason)
    {
        from.Dropped++;
        _counters.AddDropped(reason);
    }
}
