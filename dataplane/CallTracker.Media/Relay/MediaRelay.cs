using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Dtmf;
using CallTracker.Media.FastPath;
using CallTracker.Media.Playback;
using CallTracker.Media.Quality;
using CallTracker.Media.Recording;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Relay;

/// <summary>
/// A worker's media relay: owns its port pool and sessions, relays RTP and RTCP between the two sides of each session.
/// Knows nothing of signalling; time comes in. One worker thread uses it. A session id of a closed session is harmless:
/// it finds nothing.
/// </summary>
public sealed class MediaRelay : IDisposable
{
    private readonly RtpPortPool _ports;
    private readonly MediaSettings _settings;
    private readonly MediaSessionTable _table;
    private readonly RtpPath _rtp;
    private readonly RtcpPath _rtcp;
    private readonly MediaWatch _watch;
    private readonly RtcpReporter _reporter;
    private readonly SrtpGate _srtp = new();
    private readonly Offload? _offload;
    private readonly TranscodePath _transcode;
    private readonly RingIntake? _intake;
    private readonly MediaSides _sides;

    /// <param name="ports">An opened pool; the relay disposes it.</param>
    /// <param name="settings">Times and counts.</param>
    /// <param name="fastPath">The kernel's part, shared by all relays of a node; null: userspace relays all.</param>
    public MediaRelay(RtpPortPool ports, MediaSettings settings, FastPathProgram? fastPath = null)
        : this(ports, settings, fastPath?.Table)
    {
    }

    internal MediaRelay(RtpPortPool ports, MediaSettings settings, FlowTable? flows)
    {
        _ports = ports;
        _settings = settings;
        Counters = new MediaCounters();
        _table = new MediaSessionTable(ports.PairCount);
        var sockets = new MediaSockets(Counters) { Ring = ports.Ring };
        Quality = new QualityDesk(_table);
        _rtcp = new RtcpPath(_table, sockets, Counters, Quality);
        _reporter = new RtcpReporter(_table, Quality, _rtcp);
        if (flows is not null) _offload = new Offload(flows, ports, _table, Counters);
        Player = new Player(_table, sockets, Counters, _offload);
        Dtmf = new DtmfDesk(_table, sockets, _offload);
        _transcode = new TranscodePath(_table, sockets, Counters, settings.Transcodes);
        Recording = new RecordingTap(_table);
        _watch = new MediaWatch(_table, settings);
        Dtls = new DtlsDesk(_table, _watch, _srtp, Counters, _offload);
        _sides = new MediaSides(_table, ports, settings, Quality, _srtp) { Dtls = Dtls };
        _rtp = new RtpPath(_table, sockets, _rtcp, Player, Dtmf, Counters, settings, _transcode, _offload)
        {
            Recording = Recording,
            Dtls = Dtls,
        };
        if (ports.Ring is { } ring) _intake = new RingIntake(ring, _table, sockets, _rtp, ports, Counters);
    }

    public MediaCounters Counters { get; }

    public QualityDesk Quality { get; }

    /// <summary>RTCP reports of our own since start; any thread.</summary>
    public long ReportsMade => _reporter.Made;

    /// <summary>Plays prompts and tones to the sides.</summary>
    public Player Player { get; }

    /// <summary>What is heard and told of digits.</summary>
    public DtmfDesk Dtmf { get; }

    /// <summary>Of the calls that the kernel relays; null when it relays none, ever.</summary>
    public FastPathCounters? FastPath => _offload?.Counters;

    /// <summary>Calls that are converted, of all relays that share the settings; any thread may read it.</summary>
    public TranscodeBudget Transcodes => _settings.Transcodes;

    /// <summary>Copies what accepted packets of recorded sides hold.</summary>
    public RecordingTap Recording { get; }

    /// <summary>Sides whose keys come from a handshake (DTLS-SRTP), and their ICE.</summary>
    public DtlsDesk Dtls { get; }

    public int OpenSessions => _table.OpenCount;

    /// <summary>Sides that have keys for SRTP; any thread may read it.</summary>
    public long SecureSides => _srtp.SecureSides;

    /// <summary>For tests: what is lent.</summary>
    internal SrtpPool SrtpPool => _srtp.Pool;

    /// <summary>How many sessions the port pool allows.</summary>
    public int SessionsMax => _ports.PairCountOfOneVersion / 2;

    /// <summary>A session with both sides on the first address's IP version; see the overload.</summary>
    public bool TryOpen(int user, out int session) =>
        TryOpen(user, _ports.BindAddress.IsIpv4, _ports.BindAddress.IsIpv4, out session);

    /// <summary>Lends two port pairs to a new session. False when ports are out: the call is to be refused.</summary>
    /// <param name="user">Comes back with the session's events.</param>
    /// <param name="isIpv4A">The IP version of side A; a version that is not bound counts as out of ports.</param>
    /// <param name="isIpv4B">The IP version of side B.</param>
    /// <param name="session">Its id.</param>
    public bool TryOpen(int user, bool isIpv4A, bool isIpv4B, out int session)
    {
        session = -1;
        if (!_ports.TryRent(isIpv4A, out var pairA)) return false;
        if (!_ports.TryRent(isIpv4B, out var pairB))
        {
            _ports.Return(pairA, isRtpConnected: false, isRtcpConnected: false);
            return false;
        }
        if (!_table.TryTake(user, out var slot))
        {
            _ports.Return(pairA);
            _ports.Return(pairB);
            return false;
        }
        _sides.Open(slot * 2, pairA);
        _sides.Open((slot * 2) + 1, pairB);
        session = _table.IdOf(slot);
        return true;
    }

    /// <summary>Our RTP port on a side, the same for the life of the session; RTCP has the next one. 0 when
    /// closed.</summary>
    public ushort LocalPort(int session, MediaSide side) =>
        _table.TryFind(session, out var slot)
            ? _ports.RtpPort(_table.Sides[(slot * 2) + (int)side].PairIndex)
            : (ushort)0;

    /// <summary>The IP version of a side's ports; true when the session is closed.</summary>
    public bool IsIpv4(int session, MediaSide side) =>
        !_table.TryFind(session, out var slot) || _sides.AddressOf(_table.Sides[(slot * 2) + (int)side]).IsIpv4;

    /// <summary>Sets from where else than the SDP address a side may be learned; before <see
    /// cref="SetRemote"/>.</summary>
    /// <param name="session">The session.</param>
    /// <param name="side">The side.</param>
    /// <param name="rule">The trunk's rule.</param>
    /// <param name="signalling">Where the leg's signalling comes from; its port is not looked at.</param>
    /// <param name="isAsymmetric">True sends to the SDP address, wherever the side's packets come from.</param>
    public void SetSourceRule(
        int session, MediaSide side, MediaSourceRule rule, in IpEndpoint signalling, bool isAsymmetric = false)
    {
        if (!_table.TryFind(session, out var slot)) return;
        ref var state = ref _table.Sides[(slot * 2) + (int)side];
        state.Latch.Rule = rule;
        state.Latch.IsAsymmetric = isAsymmetric;
        state.Latch.SignallingAddress = signalling.WithPort(0);
    }

    /// <summary>
    /// Takes what a side's SDP says, first or changed. A changed address gives up the latch and allows one new; the
    /// same address keeps it. An unspecified address or port 0 (hold of old) stops sending and keeps the latch.
    /// A remote on our own address is only ever accepted exactly (two calls through this node), never learned: a
    /// ring of our own ports must have no way in.
    /// </summary>
    /// <returns>False when the address can be no peer of this relay (multicast, other IP version) or the session is
    /// closed.</returns>
    public bool SetRemote(
        int session,
        MediaSide side,
        in IpEndpoint rtp,
        in IpEndpoint rtcp,
        bool rtcpMux,
        SdpDirection direction,
        int clockRateHz,
        long nowMs)
    {
        if (!_table.TryFind(session, out var slot)) return false;
        var isHold = rtp.IsUnspecified || rtp.Port == 0;
        ref var state = ref _table.Sides[(slot * 2) + (int)side];
        var local = _sides.AddressOf(state);
        if (!isHold && !MediaSides.CanBePeer(rtp, local)) return false;
        _offload?.Leave(slot, FastPathExit.Signalling);
        _ports.Ring?.Flush();
        state.CanReceive = !isHold;
        state.Direction = direction;
        state.ClockRateHz = clockRateHz;
        state.RtcpMux = rtcpMux;
        if (!isHold) _sides.ExpectRemote(ref state, rtp, MediaSides.CanBePeer(rtcp, local) ? rtcp : default);
        _sides.OpenLearning(slot, nowMs);
        _watch.Rearm(slot, nowMs);
        return true;
    }

    /// <summary>
    /// Makes a side secure, or with no keys plain: from now on what does not open with the peer's key is dropped before
    /// anything is believed of it, and what goes to the peer is sealed with ours. Keys that are the same as before go
    /// on with their indexes.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="side">The side.</param>
    /// <param name="local">What we send with.</param>
    /// <param name="remote">What the peer sends with; of the same suite.</param>
    public void SetKeys(int session, MediaSide side, in SrtpMaster local, in SrtpMaster remote)
    {
        if (!_table.TryFind(session, out var slot)) return;
        // The kernel has no keys: it may not relay another packet of a side that has some.
        if (!remote.IsNone) _offload?.Leave(slot, FastPathExit.Needed);
        Dtls.Release(ref _table.Sides[(slot * 2) + (int)side]);
        _srtp.SetKeys(ref _table.Sides[(slot * 2) + (int)side], local, remote);
    }

    /// <summary>The call was answered: time-outs begin, and sides not heard yet may be learned anew.</summary>
    public void MarkAnswered(int session, long nowMs)
    {
        if (!_table.TryFind(session, out var slot)) return;
        _table.Sessions[slot].IsAnswered = true;
        Quality.OnAnswered(slot, nowMs);
        Player.StopRingback(slot);
        _sides.OpenLearning(slot, nowMs);
        _watch.Rearm(slot, nowMs);
    }

    /// <summary>Signalling showed that a side's peer lives: while the call is on hold, that is enough.</summary>
    public void MarkAlive(int session, MediaSide side, long nowMs)
    {
        if (_table.TryFind(session, out var slot)) _table.Sides[(slot * 2) + (int)side].AliveMs = nowMs;
    }

    /// <summary>Lets everything through that comes from the right source, RTP or not (T.38, DTLS-SRTP).</summary>
    public void SetOpaque(int session, bool isOpaque)
    {
        if (!_table.TryFind(session, out var slot)) return;
        _offload?.Leave(slot, FastPathExit.Signalling);
        _table.Sessions[slot].IsOpaque = isOpaque;
    }

    /// <summary>
    /// Says that something in userspace must see each packet of a session from now on, or no longer must. When this
    /// returns, the kernel relays none of them; without a fast path nothing happens.
    /// </summary>
    public void SetNeeds(int session, MediaNeeds needs, bool isNeeded)
    {
        if (_table.TryFind(session, out var slot)) _offload?.Need(slot, needs, isNeeded);
    }

    /// <summary>True when a session's audio is converted, or could be from now on.</summary>
    public bool CanConvert(int session) =>
        _table.TryFind(session, out var slot) && _transcode.HasRoomFor(slot);

    /// <summary>
    /// Converts the audio between the sides from now on, each of which has said what it sends and takes; or no longer,
    /// when they understand each other. False when as many calls as may be are converted already.
    /// </summary>
    public bool TrySetConversion(int session, in AudioTerms a, in AudioTerms b, bool isNeeded)
    {
        if (!_table.TryFind(session, out var slot)) return false;
        if (!isNeeded) _transcode.Clear(slot);
        else if (!_transcode.TrySet(slot, a, b)) return false;
        _offload?.Need(slot, MediaNeeds.Conversion, isNeeded);
        return true;
    }

    /// <summary>What a side measured so far. False when the session is closed.</summary>
    public bool TryReadTotals(int session, MediaSide side, out MediaTotals totals)
    {
        var found = _table.TryFind(session, out var slot);
        if (found) _offload?.Refresh(slot);
        totals = found ? _sides.TotalsOf((slot * 2) + (int)side) : default;
        return found;
    }

    /// <summary>
    /// Gives a side a fresh port and a blank slate, for the next leg in its place (hunting): what the former leg's peer
    /// still sends can reach nobody.
    /// </summary>
    /// <returns>False when ports are out or the session is closed; then the side is as before.</returns>
    public bool TryRenew(int session, MediaSide side, out MediaTotals past) =>
        TryRenew(session, side, IsIpv4(session, side), out past);

    /// <summary>The same, with a port of the IP version that the next leg needs.</summary>
    public bool TryRenew(int session, MediaSide side, bool isIpv4, out MediaTotals past)
    {
        past = default;
        if (!_table.TryFind(session, out var slot) || !_ports.TryRent(isIpv4, out var pair)) return false;
        _offload?.Leave(slot, FastPathExit.Ended);
        Player.StopRingback(slot);
        Player.Forget((slot * 2) + (int)side);
        Dtmf.Forget(slot);
        _transcode.Clear(slot);
        past = _sides.Close((slot * 2) + (int)side);
        _sides.Open((slot * 2) + (int)side, pair);
        Player.Cover((slot * 2) + (int)side);
        _watch.Disarm(slot);
        return true;
    }

    /// <summary>Ends a session and gives its ports back. Closing twice gives empty totals.</summary>
    public void Close(int session, out MediaTotals a, out MediaTotals b)
    {
        (a, b) = (default, default);
        if (!_table.TryFind(session, out var slot)) return;
        _offload?.Forget(slot);
        Player.Forget(slot * 2);
        Player.Forget((slot * 2) + 1);
        Dtmf.Forget(slot);
        _transcode.Clear(slot);
        Recording.Forget(slot);
        a = _sides.Close(slot * 2);
        b = _sides.Close((slot * 2) + 1);
        _table.Release(slot);
    }

    /// <summary>Handles one event of a media socket: at most one datagram, as epoll is level-triggered.</summary>
    public void OnReadable<TEvents>(in EpollEvent readable, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        var pair = MediaPollData.PairIndex(readable.Data);
        if ((uint)pair >= (uint)_table.SideOfPair.Length) return;
        var side = _table.SideOfPair[pair];
        var kind = MediaPollData.Kind(readable.Data);
        if (side < 0) DrainStray(kind, pair);
        else if (kind == MediaPollKind.Rtp) _rtp.Receive(side, nowMs, ref events);
        else _rtcp.Receive(side, nowMs);
    }

    /// <summary>
    /// Handles what came by the pool's <see cref="DatagramRing"/>, up to so many; false when nothing is left of this
    /// turn. Only then may the epoll's events follow, or <see cref="Tick"/>.
    /// </summary>
    public bool TakeReceived<TEvents>(int countMax, long nowMs, ref TEvents events, out int taken)
        where TEvents : struct, IMediaEvents
    {
        taken = 0;
        return _intake is not null && _intake.Take(countMax, nowMs, ref events, out taken);
    }

    /// <summary>Plays what is due, and nothing else.</summary>
    public void Play<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents => Player.Tick(nowMs, ref events);

    /// <summary>
    /// Plays tones and looks for time-outs; call it with each turn of the loop, it knows itself when there is something
    /// to do.
    /// </summary>
    public void Tick<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        Player.Tick(nowMs, ref events);
        Dtmf.Tick(nowMs, ref events);
        _offload?.Tick(nowMs, _rtp, ref events);
        _reporter.Tick(nowMs);
        _watch.Tick(nowMs, ref events);
        Dtls.Tick(nowMs, ref events);
    }

    /// <summary>
    /// Milliseconds until <see cref="Tick"/> or <see cref="TakeReceived"/> must be called for what cannot wait; -1 when
    /// nothing plays or rests.
    /// </summary>
    public int NextDelayMs(long nowMs) => Sooner(
        Sooner(Player.NextDelayMs(nowMs), Dtmf.NextDelayMs(nowMs)), _intake?.NextDelayMs(nowMs) ?? -1);

    public void Dispose()
    {
        _offload?.Dispose();
        _transcode.Dispose();
        Dtls.Dispose();
        _srtp.Dispose();
        _ports.Dispose();
    }

    private static int Sooner(int oneMs, int otherMs) =>
        oneMs < 0 ? otherMs : otherMs < 0 ? oneMs : Math.Min(oneMs, otherMs);

    private void DrainStray(MediaPollKind kind, int pair)
    {
        var before = _ports.StrayDatagrams;
        _ports.DrainStray(kind, pair);
        Counters.AddDropped(MediaDropReason.Stray, (int)(_ports.StrayDatagrams - before));
    }
}
