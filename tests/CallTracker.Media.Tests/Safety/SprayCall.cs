using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Safety;

/// <summary>
/// One call from before its first SDP to long after its learning window, in steps of 20 ms, with or without an attacker
/// in each step. What its two phones heard and what the relay measured is the same at every run, or the attack had an
/// effect.
/// </summary>
internal sealed class SprayCall : IDisposable
{
    /// <summary>The SSRC of side A's stream; side B has the next one.</summary>
    public const uint Ssrc = 0x5eed_0001;
    /// <summary>Packets that a source which is not the SDP's must show in vain.</summary>
    public const int LearnPackets = 3;
    private const int StepMs = 20;
    private const int RtcpEvery = 25;
    private readonly SprayCallKind _kind;
    private readonly RelayHarness _harness;
    private readonly MediaPeer[] _phones;
    private readonly MediaPeer[] _controls;
    private readonly int[] _spoken = new int[2];
    private readonly bool[] _speaks = new bool[2];
    private readonly SrtpKit _phoneKey = new(SrtpSuite.Cm128Sha80);
    private readonly SrtpKit _ourKey = new(SrtpSuite.Cm128Sha80, seed: 2);
    private readonly Sprayer? _sprayer;
    private int _session;
    private int _step;
    private bool _isOver;
    private byte[] _lastWire = [];

    public SprayCall(SprayCallKind kind, Sprayer? sprayer)
    {
        (_kind, _sprayer) = (kind, sprayer);
        _harness = new RelayHarness(second: kind.IsIpv6 ? RelayHarness.Endpoint(SprayNet.Relay6, 0) : default);
        _phones = [new MediaPeer(AddressOf(0)), new MediaPeer(AddressOf(1))];
        _controls = kind.IsMuxed ? _phones : [new MediaPeer(AddressOf(0)), new MediaPeer(AddressOf(1))];
    }

    /// <summary>What came to each phone, RTP and, where it is apart, RTCP.</summary>
    public List<byte[]>[] Heard { get; } = [[], [], [], []];

    public int Spoken(MediaSide side) => _spoken[(int)side];

    public MediaTotals Totals(MediaSide side) => _harness.Totals(_session, side);

    public long Dropped(MediaDropReason reason) => _harness.Dropped(reason);

    /// <summary>The call, to its end.</summary>
    public void Run()
    {
        _harness.Relay.TryOpen(1, !_kind.IsIpv6, !_kind.IsIpv6, out _session).ShouldBeTrue();
        SetRule(MediaSide.A);
        SetRule(MediaSide.B);
        Steps(10);
        if (_kind.IsSecure) _harness.Relay.SetKeys(_session, MediaSide.A, _ourKey.Master, _phoneKey.Master);
        Describe(MediaSide.A);
        Steps(10);
        Describe(MediaSide.B);
        _speaks[1] = true;
        Steps(25);
        _harness.Relay.MarkAnswered(_session, _harness.NowMs);
        Steps(10);
        _speaks[0] = true;
        Steps(200);
        // A session refresh: the same again.
        Describe(MediaSide.A);
        Describe(MediaSide.B);
        Steps(40);
        Listen();
    }

    public void Dispose()
    {
        // A descriptor closed twice may be somebody else's by then.
        if (_isOver) return;
        _isOver = true;
        foreach (var peer in _phones.Concat(_controls).Distinct()) peer.Dispose();
        _phoneKey.Dispose();
        _ourKey.Dispose();
        _harness.Dispose();
    }

    private string AddressOf(int side) => SprayNet.Phone(_kind.IsIpv6, side);

    private void SetRule(MediaSide side)
    {
        var signalling = _kind.IsBehindNat && side == MediaSide.A
            ? AddressOf(0)
            : SprayNet.Signalling(_kind.IsIpv6, (int)side);
        _harness.Relay.SetSourceRule(
            _session, side, MediaSourceRule.SignallingAddress, RelayHarness.Endpoint(signalling, 5060));
    }

    private void Describe(MediaSide side)
    {
        var isHidden = _kind.IsBehindNat && side == MediaSide.A;
        var rtp = isHidden ? RelayHarness.Endpoint(SprayNet.Private, 4000) : _phones[(int)side].Endpoint;
        var rtcp = isHidden ? rtp.WithPort(4001) : _controls[(int)side].Endpoint;
        _harness.SetRemote(_session, side, rtp, rtcp, _kind.IsMuxed).ShouldBeTrue();
    }

    private void Steps(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _harness.Step(StepMs);
            _step++;
            Attack();
            for (var side = 0; side < 2; side++)
            {
                if (_speaks[side]) Speak(side);
            }
            Listen();
        }
    }

    private void Attack()
    {
        if (_sprayer is null) return;
        IpEndpoint[] ports = [_harness.Local(_session, MediaSide.A), _harness.Local(_session, MediaSide.B)];
        _sprayer.Spray(ports, _step, Ssrc);
        if (_lastWire.Length > 0) _sprayer.SprayWire(ports[0], _lastWire);
        _harness.Pump();
    }

    private void Speak(int side)
    {
        var packet = Packets.Rtp(_spoken[side], Ssrc + (uint)side);
        var isSealed = _kind.IsSecure && side == 0;
        var wire = isSealed ? _phoneKey.Seal(packet) : packet;
        // An attacker who sees the packet brings it first: it must not be taken for heard.
        if (isSealed && _spoken[side] > 0) _sprayer?.SprayWire(_harness.Local(_session, MediaSide.A), wire);
        if (isSealed) _lastWire = wire;
        _phones[side].Send(_harness.Local(_session, (MediaSide)side), wire);
        _spoken[side]++;
        AwaitTaken(side);
        if (_spoken[side] % RtcpEvery == 0) Report(side, isSealed);
    }

    private void AwaitTaken(int side)
    {
        var unheard = _kind.IsBehindNat && side == 0 ? LearnPackets : 0;
        var taken = (ulong)Math.Max(0, _spoken[side] - unheard);
        _harness.PumpUntil(() => Totals((MediaSide)side).Packets >= taken);
        Totals((MediaSide)side).Packets.ShouldBe(taken);
    }

    private void Report(int side, bool isSealed)
    {
        var report = SprayPackets.Report(200, Ssrc + (uint)side);
        var wire = isSealed ? _phoneKey.SealRtcp(report) : report;
        var before = Totals((MediaSide)side).RtcpPackets;
        _controls[side].Send(_harness.Local(_session, (MediaSide)side, _kind.IsMuxed ? 0 : 1), wire);
        _harness.PumpUntil(() => Totals((MediaSide)side).RtcpPackets == before + 1);
    }

    private void Listen()
    {
        for (var side = 0; side < 2; side++)
        {
            while (_phones[side].TryReceive(out var datagram, out _)) Heard[side].Add(datagram);
            while (!_kind.IsMuxed && _controls[side].TryReceive(out var datagram, out _)) Heard[side + 2].Add(datagram);
        }
    }
}
