using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Dtmf;
using CallTracker.Media.FastPath;
using CallTracker.Media.Playback;
using CallTracker.Media.Recording;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Relay;

/// <summary>
/// The path of a datagram on an RTP port: receive, tell what it is, judge its source, measure it, hand it on. This is
/// what costs at fifty packets a second per side; rare cases stand in methods of their own. Owned by one relay.
/// </summary>
internal sealed class RtpPath
{
    // Above any MTU in use; a longer datagram is cut by the kernel, told by its length, and dropped.
    public const int DatagramBytesMax = 2048;
    private const int BehindMs = 30;
    private const int BacklogMax = 16;
    // With room behind the longest datagram for what a secure side adds.
    private readonly byte[] _buffer =
        GC.AllocateUninitializedArray<byte>(DatagramBytesMax + SrtpSuites.OverheadMax, pinned: true);
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly RtcpPath _rtcp;
    private readonly MediaCounters _counters;
    private readonly Player _player;
    private readonly DtmfDesk _dtmf;
    private readonly Offload? _offload;
    private readonly int _learnPackets;
    private readonly TranscodePath _transcode;
    // The first byte of the packet in hand: in the buffer, or in one of the ring's, with the same room behind.
    private unsafe byte* _packet;

    public RtpPath(
        MediaSessionTable table, MediaSockets sockets, RtcpPath rtcp, Player player, DtmfDesk dtmf,
        MediaCounters counters, MediaSettings settings, TranscodePath transcode, Offload? offload = null)
    {
        _table = table;
        _sockets = sockets;
        _rtcp = rtcp;
        _player = player;
        _dtmf = dtmf;
        _counters = counters;
        _offload = offload;
        _transcode = transcode;
        _learnPackets = Math.Max(1, settings.LearnPackets);
    }

    public required RecordingTap Recording { private get; init; }

    public required DtlsDesk Dtls { private get; init; }

    private unsafe Span<byte> Room => new(_packet, DatagramBytesMax + SrtpSuites.OverheadMax);

    /// <summary>
    /// Takes one datagram, as a socket has one every 20 ms and asking for a second costs a system call in vain. When
    /// the last one is longer ago than that, the worker is behind and more are waiting: it takes them together, which
    /// makes each a quarter cheaper, so that a worker that fell behind catches up.
    /// </summary>
    public void Receive<TEvents>(int sideNumber, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        ref var from = ref _table.Sides[sideNumber];
        if (!from.FirstPacketSeen || nowMs - from.Received.LastMs <= BehindMs)
        {
            _ = ReceiveOne(sideNumber, nowMs, ref events);
            return;
        }
        var taken = 0;
        while (taken < BacklogMax && ReceiveOne(sideNumber, nowMs, ref events)) taken++;
    }

    /// <summary>Handles what waits at this moment, if it is little; true when nothing is left.</summary>
    public bool TryDrain<TEvents>(int sideNumber, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        for (var taken = 0; taken < BacklogMax; taken++)
        {
            if (!ReceiveOne(sideNumber, nowMs, ref events)) return true;
        }
        return false;
    }

    // :: Step 9. False when nothing was waiting.
    private bool ReceiveOne<TEvents>(int sideNumber, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        ref var from = ref _table.Sides[sideNumber];
        var room = _buffer.AsSpan(0, DatagramBytesMax);
        var length = UdpSocket.ReceiveFrom(from.RtpSocket, room, out var source);
        if (length < 0)
        {
            if (length == UdpSocket.Refused) _sockets.OnRtpRefused(ref from);
            return length == UdpSocket.Refused;
        }
        unsafe
        {
            _packet = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        }
        return TakeOne(sideNumber, length, source, nowMs, ref events);
    }

    /// <summary>Handles one datagram that came by the ring.</summary>
    public unsafe void Take<TEvents>(int sideNumber, in RingDatagram datagram, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        _packet = datagram.Start;
        _ = TakeOne(sideNumber, datagram.Length, datagram.Source, nowMs, ref events);
    }

    private bool TakeOne<TEvents>(
        int sideNumber, int length, in IpEndpoint source, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        ref var from = ref _table.Sides[sideNumber];
        if (length > DatagramBytesMax)
        {
            Drop(ref from, MediaDropReason.TooLong);
            return true;
        }
        var packet = Room[..length];
        var kind = MediaDemux.Classify(packet);
        if (kind != MediaPacketKind.Rtp)
        {
            ReceiveOther(sideNumber, kind, packet, source, nowMs);
            return true;
        }
        // The padding count of SRTP is encrypted, so padding is not looked at.
        if (RtpHeader.Parse(packet, paddingReadable: false, out var header) != RtpParseResult.Ok)
        {
            var reason = length < RtpHeader.FixedLength ? MediaDropReason.TooShort : MediaDropReason.NotRtp;
            Drop(ref from, reason);
            return true;
        }
        if (from.Srtp is not null && !TryOpen(ref from, source, nowMs, header, ref packet)) return true;
        if (source != from.Latch.Peer && !TryLatch(ref from, source, header, isOpaque: false, nowMs)) return true;
        if (!from.RtpConnected) MediaSockets.FixRtp(ref from, nowMs);
        if (from.IsInKernel) _offload!.Leave(sideNumber >> 1, FastPathExit.Unusual);
        from.Received.Add(header, length, from.ClockRateHz, nowMs);
        OnHeard(ref from);
        // What was said, also where it is not handed on.
        if (from.IsRecorded) Recording.Take(sideNumber, packet);
        if (from.Digits is not { } digits) HandOn(sideNumber, header, packet);
        else if (_dtmf.TryPass(digits, ref header, packet, nowMs)) HandOn(sideNumber, header, packet);
        if (!from.FirstPacketSeen) TellFirstPacket(sideNumber, ref events);
        // None where that closed the session.
        if (from.Digits is { HasNews: true } news) _dtmf.Tell(news, ref events);
        return true;
    }

    /// <summary>
    /// The one way on for an accepted packet that is no digit to be taken out: dropped where the other side is played
    /// something in its place, converted where the sides share no codec, sealed for a secure side. Who wants all that
    /// was said (the recorder) taps before.
    /// </summary>
    private void HandOn(int sideNumber, in RtpHeader header, ReadOnlySpan<byte> packet)
    {
        ref var from = ref _table.Sides[sideNumber];
        ref var to = ref _table.Sides[sideNumber ^ 1];
        if (from.IsPlayedOver && _player.Covers(sideNumber))
        {
            Drop(ref from, MediaDropReason.PlayedOver);
            return;
        }
        if (from.Converter is not null)
        {
            _transcode.HandOn(sideNumber, header, packet);
            return;
        }
        var reason = to.Srtp is null || TrySeal(to.Srtp, header, ref packet, out var refusal)
            ? _sockets.SendRtp(ref to, packet)
            : refusal;
        if (reason != MediaDropReason.None)
        {
            Drop(ref from, reason);
            return;
        }
        from.Relayed++;
        from.RelayedBytes += (ulong)packet.Length;
        _counters.AddRelayed(sideNumber & 1, packet.Length);
    }

    // Before anything is believed of a secure side's packet, its source included.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOpen(
        ref MediaSideState from, in IpEndpoint source, long nowMs, in RtpHeader header, ref Span<byte> packet)
    {
        var reason = from.Latch.MayTake(source, nowMs)
            ? SrtpGate.OpenRtp(from.Srtp!, header, ref packet)
            : MediaDropReason.UnknownSource;
        if (reason != MediaDropReason.None) Drop(ref from, reason);
        return reason == MediaDropReason.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TrySeal(
        SrtpSide srtp, in RtpHeader header, ref ReadOnlySpan<byte> packet, out MediaDropReason refusal)
    {
        var length = packet.Length;
        refusal = SrtpGate.SealRtp(srtp, header, Room, ref length);
        packet = Room[..length];
        return refusal == MediaDropReason.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryLatch(
        ref MediaSideState from, in IpEndpoint source, in RtpHeader header, bool isOpaque, long nowMs)
    {
        var reason = from.Latch.Judge(source, header, isOpaque, _learnPackets, nowMs);
        if (reason != MediaDropReason.None)
        {
            Drop(ref from, reason);
            return false;
        }
        if (from.Latch.Rank != SourceRank.SdpPort) _counters.AddLearned();
        // RTCP that a former source vouched for is void.
        if (from.Rtcp.IsLatched && from.Rtcp.Peer != from.Rtcp.Expected)
        {
            from.Rtcp.Reset();
            MediaSockets.ReleaseRtcp(ref from);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReceiveOther(
        int sideNumber, MediaPacketKind kind, ReadOnlySpan<byte> packet, in IpEndpoint source, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        if (kind == MediaPacketKind.Rtcp && from.RtcpMux) _rtcp.TakeMuxed(sideNumber, packet, source, nowMs);
        else if (from.Dtls is not null && kind is MediaPacketKind.Stun or MediaPacketKind.Dtls)
            Dtls.Take(sideNumber, kind, packet, source, nowMs);
        else if (IsOpaque(sideNumber)) TakeOpaque(sideNumber, packet, source, nowMs);
        else Drop(ref from, ReasonOf(kind));
    }

    private void TakeOpaque(int sideNumber, ReadOnlySpan<byte> packet, in IpEndpoint source, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        if (source != from.Latch.Peer && !TryLatch(ref from, source, default, isOpaque: true, nowMs)) return;
        MediaSockets.FixRtp(ref from, nowMs);
        from.Received.AddOpaque(packet.Length, nowMs);
        OnHeard(ref from);
        HandOn(sideNumber, default, packet);
    }

    // What is no RTP cannot be opened or sealed, and nothing goes to a secure side in the clear.
    private bool IsOpaque(int sideNumber) =>
        _table.Sessions[sideNumber >> 1].IsOpaque
        && _table.Sides[sideNumber].Srtp is null
        && _table.Sides[sideNumber ^ 1].Srtp is null;

    // The session may be closed by the receiver: nothing of it is touched afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellFirstPacket<TEvents>(int sideNumber, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        _table.Sides[sideNumber].FirstPacketSeen = true;
        var slot = sideNumber >> 1;
        events.OnFirstPacket(_table.IdOf(slot), _table.Sessions[slot].User, (MediaSide)(sideNumber & 1));
    }

    /// <summary>A side that sends is neither silent nor gone.</summary>
    public static void OnHeard(ref MediaSideState from)
    {
        from.TimedOut = false;
        from.RefusalsInRow = 0;
        from.GoneTold = false;
    }

    private static MediaDropReason ReasonOf(MediaPacketKind kind) => kind switch
    {
        MediaPacketKind.Rtcp => MediaDropReason.UnexpectedRtcp,
        MediaPacketKind.Stun => MediaDropReason.Stun,
        MediaPacketKind.Dtls => MediaDropReason.Dtls,
        MediaPacketKind.Empty => MediaDropReason.TooShort,
        _ => MediaDropReason.OtherProtocol,
    };

    private void Drop(ref MediaSideState from, MediaDropReason reason)
    {
        from.Dropped++;
        _counters.AddDropped(reason);
    }
}
