using CallTracker.Core.Net;
using CallTracker.Media.FastPath;
using CallTracker.Media.Ice;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Dtls;

/// <summary>
/// Sides whose SRTP keys come from a DTLS handshake: answers their ICE checks, takes their handshake datagrams from
/// whom ICE or the latch believes, and puts the keys in force. Until then nothing passes such a side in either
/// direction. Owned by one relay.
/// </summary>
public sealed class DtlsDesk
{
    /// <summary>A call whose handshake is not done so long after the answer has no media and ends.</summary>
    public const int HandshakeMsMax = 10_000;
    /// <summary>Without a check for so long the peer no longer consents (RFC 7675 section 5.1).</summary>
    public const int ConsentMs = 30_000;
    /// <summary>So long our last flight can be repeated; then the memory of the handshake is given back.</summary>
    public const int LingerMs = 15_000;
    private const int TickMs = 20;
    private readonly MediaSessionTable _table;
    private readonly MediaWatch _watch;
    private readonly SrtpGate _srtp;
    private readonly MediaCounters _counters;
    private readonly Offload? _offload;
    private readonly Stack<DtlsSide> _idle = [];
    private readonly DtlsSide[] _active;
    private readonly byte[] _response = new byte[StunResponse.BytesMax];
    private readonly byte[] _flight = new byte[DtlsSession.FlightBytesMax];
    private StunIntegrity? _integrity;
    private int _count;
    private long _nextMs;

    internal DtlsDesk(
        MediaSessionTable table, MediaWatch watch, SrtpGate srtp, MediaCounters counters, Offload? offload)
    {
        (_table, _watch, _srtp, _counters, _offload) = (table, watch, srtp, counters, offload);
        _active = new DtlsSide[table.Sides.Length];
    }

    /// <summary>Set once, before use; null: no DTLS here, and nobody may ask for it.</summary>
    public DtlsIdentity? Identity { get; set; }

    public DtlsCounters Counters { get; } = new();

    /// <summary>Sides that use it now; the worker's alone to read.</summary>
    internal int Count => _count;

    /// <summary>For tests: handshakes that hold native memory.</summary>
    internal int Sessions
    {
        get
        {
            var sessions = 0;
            for (var i = 0; i < _count; i++) sessions += _active[i].Session is null ? 0 : 1;
            return sessions;
        }
    }

    /// <summary>
    /// Takes what both SDPs agreed on, first or changed, after <see cref="MediaRelay.SetRemote"/>. The association goes
    /// on where the peer's certificate is the same, else it begins anew.
    /// </summary>
    public void Set(int session, MediaSide side, in DtlsLocal local, in DtlsRemote remote, long nowMs)
    {
        if (Identity is null || !_table.TryFind(session, out var slot)) return;
        var number = (slot * 2) + (int)side;
        ref var state = ref _table.Sides[number];
        _offload?.Leave(slot, FastPathExit.Needed);
        var dtls = state.Dtls ?? Lend(ref state);
        if (dtls.Remote.Fingerprint != remote.Fingerprint || dtls.Remote.HasIce != remote.HasIce)
            Begin(dtls, number, local, remote);
        else if (dtls.Ice.Credentials != local.Ice || dtls.Remote.IceHash != remote.IceHash)
            (dtls.Ice.Credentials, dtls.Ice.PeerHash) = (local.Ice, remote.IceHash);
        (dtls.Remote, dtls.Local) = (remote, local.Agreed(remote.Setup));
        if (remote.HasIce && state.Latch.IsLatched && !dtls.IsConsentLost) state.CanReceive = true;
        _watch.Rearm(slot, nowMs);
        StartIfActive(dtls);
    }

    /// <summary>The side has no DTLS (any more).</summary>
    internal void Release(ref MediaSideState state)
    {
        if (state.Dtls is not { } dtls) return;
        state.Dtls = null;
        // Media of an ICE side goes unconnected; the next use of the socket need not.
        state.ConnectFailed = false;
        var at = Array.IndexOf(_active, dtls, 0, _count);
        _active[at] = _active[--_count];
        dtls.EndSession();
        _idle.Push(dtls);
    }

    /// <summary>Takes a STUN or DTLS datagram that came to a side's RTP port.</summary>
    internal void Take(
        int sideNumber, MediaPacketKind kind, ReadOnlySpan<byte> datagram, in IpEndpoint source, long nowMs)
    {
        ref var from = ref _table.Sides[sideNumber];
        var dtls = from.Dtls!;
        var isTaken = kind == MediaPacketKind.Stun
            ? dtls.Remote.HasIce && TakeCheck(dtls, ref from, datagram, source, nowMs)
            : TakeHandshake(dtls, ref from, datagram, source, nowMs);
        if (isTaken) return;
        from.Dropped++;
        _counters.AddDropped(kind == MediaPacketKind.Stun ? MediaDropReason.Stun : MediaDropReason.Dtls);
    }

    /// <summary>Repeats what was lost, and looks who is late.</summary>
    internal void Tick<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        if (_count == 0 || nowMs < _nextMs) return;
        _nextMs = nowMs + TickMs;
        // Whoever is told may close sessions, and with them any of these.
        for (var i = _count - 1; i >= 0; i--)
        {
            if (i < _count) Look(_active[i], nowMs, ref events);
        }
    }

    internal void Dispose()
    {
        for (var i = 0; i < _count; i++) _active[i].EndSession();
        _count = 0;
        _integrity?.Dispose();
    }

    private DtlsSide Lend(ref MediaSideState state)
    {
        var dtls = _idle.TryPop(out var idle) ? idle : new DtlsSide();
        dtls.Remote = default;
        state.Dtls = _active[_count++] = dtls;
        return dtls;
    }

    // Nothing that was believed or sealed before holds for the new peer.
    private void Begin(DtlsSide dtls, int number, in DtlsLocal local, in DtlsRemote remote)
    {
        ref var state = ref _table.Sides[number];
        dtls.Begin(number, remote, local);
        _srtp.Await(ref state);
        if (!remote.HasIce) return;
        state.Latch.Expect(default);
        MediaSockets.Release(ref state);
        // The peer may go over to another path at any time: all of them are to be heard.
        state.ConnectFailed = true;
        state.CanReceive = false;
    }

    private bool TakeCheck(
        DtlsSide dtls, ref MediaSideState from, ReadOnlySpan<byte> datagram, in IpEndpoint source, long nowMs)
    {
        _integrity ??= new StunIntegrity();
        if (!dtls.Ice.TryAnswer(datagram, source, nowMs, _integrity, _response, out var length, out var isNominated))
            return false;
        Counters.AddCheck();
        _ = UdpSocket.SendTo(from.RtpSocket, _response.AsSpan(0, length), source);
        if (isNominated && from.Latch.Peer != source) Nominate(dtls, ref from, source, nowMs);
        else if (dtls.IsConsentLost && dtls.Ice.LastCheckMs == nowMs) Consent(dtls, ref from, nowMs);
        return true;
    }

    private void Nominate(DtlsSide dtls, ref MediaSideState from, in IpEndpoint source, long nowMs)
    {
        from.Latch.Nominate(source);
        Consent(dtls, ref from, nowMs);
        StartIfActive(dtls);
    }

    private void Consent(DtlsSide dtls, ref MediaSideState from, long nowMs)
    {
        dtls.IsConsentLost = false;
        from.CanReceive = from.Latch.IsLatched;
        _watch.Rearm(dtls.Number >> 1, nowMs);
    }

    private bool TakeHandshake(
        DtlsSide dtls, ref MediaSideState from, ReadOnlySpan<byte> datagram, in IpEndpoint source, long nowMs)
    {
        var isPeer = dtls.Remote.HasIce ? dtls.Ice.Knows(source) : source == from.Latch.Source;
        if (!isPeer || (dtls.Session is null && dtls.Result != DtlsResult.None)) return false;
        dtls.Peer = source;
        var session = dtls.Session ??= MakeSession(dtls);
        session.Take(datagram);
        Send(dtls, ref from);
        if (dtls.Result == DtlsResult.None) Settle(dtls, ref from, nowMs);
        return true;
    }

    private DtlsSession MakeSession(DtlsSide dtls) =>
        new(Identity!, dtls.Local.Setup == DtlsSetup.Passive, dtls.Remote.Fingerprint);

    // Where it is known where to: by ICE, or by the peer's SDP.
    private void StartIfActive(DtlsSide dtls)
    {
        ref var state = ref _table.Sides[dtls.Number];
        var isDue = dtls.Local.Setup == DtlsSetup.Active && dtls.Session is null && dtls.Result == DtlsResult.None;
        if (!isDue || !state.CanReceive || state.Latch.Destination.IsUnspecified) return;
        dtls.Peer = state.Latch.Destination;
        dtls.Session = MakeSession(dtls);
        dtls.Session.Start();
        Send(dtls, ref state);
    }

    private void Send(DtlsSide dtls, ref MediaSideState state)
    {
        ReadOnlySpan<byte> flight = _flight.AsSpan(0, dtls.Session!.TakeFlight(_flight));
        while (DtlsRecords.TryTake(ref flight, out var datagram))
            _ = state.RtpConnected
                ? UdpSocket.Send(state.RtpSocket, datagram)
                : UdpSocket.SendTo(state.RtpSocket, datagram, dtls.Peer);
    }

    private void Settle(DtlsSide dtls, ref MediaSideState state, long nowMs)
    {
        var result = dtls.Session!.Result;
        if (result == DtlsResult.None) return;
        if (result == DtlsResult.Ok && dtls.Session.TryExport(out var local, out var remote))
        {
            dtls.DoneMs = nowMs;
            _srtp.SetKeys(ref state, local, remote);
            End(dtls, DtlsResult.Ok);
            return;
        }
        End(dtls, result == DtlsResult.Ok ? DtlsResult.Profile : result);
    }

    private void End(DtlsSide dtls, DtlsResult result)
    {
        dtls.Result = result;
        Counters.AddEnded(result);
        if (result != DtlsResult.Ok) dtls.EndSession();
    }

    private void Look<TEvents>(DtlsSide dtls, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        ref var state = ref _table.Sides[dtls.Number];
        ref readonly var session = ref _table.Sessions[dtls.Number >> 1];
        if (dtls.Session is not null) Repeat(dtls, ref state, nowMs);
        if (!session.IsAnswered) return;
        if (dtls.SinceMs < 0) dtls.SinceMs = nowMs;
        if (dtls.Result == DtlsResult.None && nowMs - dtls.SinceMs >= HandshakeMsMax) End(dtls, DtlsResult.Timeout);
        var side = (MediaSide)(dtls.Number & 1);
        if (!dtls.IsDone && dtls.Result != DtlsResult.None && !dtls.IsFailureTold)
        {
            dtls.IsFailureTold = true;
            events.OnKeysFailed(_table.IdOf(dtls.Number >> 1), session.User, side, dtls.Result);
        }
        else if (HasLostConsent(dtls, ref state, nowMs))
        {
            events.OnMediaTimeout(
                _table.IdOf(dtls.Number >> 1), session.User, side, MediaTimeoutKind.Silence);
        }
    }

    private void Repeat(DtlsSide dtls, ref MediaSideState state, long nowMs)
    {
        if (dtls.IsDone)
        {
            if (nowMs - dtls.DoneMs >= LingerMs) dtls.EndSession();
            return;
        }
        dtls.Session!.Repeat();
        Send(dtls, ref state);
        Settle(dtls, ref state, nowMs);
    }

    // Told once; until the next check nothing is sent.
    private bool HasLostConsent(DtlsSide dtls, ref MediaSideState state, long nowMs)
    {
        var isLost = dtls.Remote.HasIce && !dtls.IsConsentLost && dtls.Ice.LastCheckMs >= 0
            && nowMs - dtls.Ice.LastCheckMs >= ConsentMs;
        if (!isLost) return false;
        dtls.IsConsentLost = true;
        state.CanReceive = false;
        Counters.AddConsentLost();
        return true;
    }
}
