using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Dtls;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>
/// Zero bytes per packet while digits are heard, taken out, mapped and told; the meter's own control stands in
/// <see cref="Relay.RelayAllocationTests"/> and here once more.
/// </summary>
public sealed class DigitAllocationTests
{
    private const int Rounds = 600;
    private static readonly TelephoneEventSet Events = default(TelephoneEventSet).With(96, 8000);
    private static readonly DtmfFormat Event = new(DtmfWay.Rfc4733, Events, 96, 8000, 0, 8000);
    private static readonly DtmfFormat Event48 = new(DtmfWay.Rfc4733, default, 97, 48_000, 0, 8000);
    private static readonly DtmfFormat Tone = new(DtmfWay.InBand, default, 0, 0, 0, 8000);
    private static readonly DtmfFormat Info = new(DtmfWay.Info, default, 0, 0, 0, 8000);

    public static TheoryData<string> Plans => ["event-info", "event-tone", "event-event", "tone-event", "tone-info"];

    [Theory, MemberData(nameof(Plans))]
    public void Digits_HeardAndTold_AllocateNothing(string plan)
    {
        using var line = new Line(plan switch
        {
            "event-info" => new DtmfPlan(Event, Info, true),
            "event-tone" => new DtmfPlan(Event, Tone, true),
            "event-event" => new DtmfPlan(Event, Event48, true),
            "tone-event" => new DtmfPlan(Tone, Event, true),
            _ => new DtmfPlan(Tone, Info, true),
        });
        Measure(line.Round, 1).ShouldBeGreaterThanOrEqualTo(Rounds * 24);
        Measure(line.Round, 0).ShouldBe(0);
        line.Heard.ShouldBeGreaterThan(50);
        line.Received.ShouldBeGreaterThan(Rounds);
    }

    private static long Measure(Action act, int bytes)
    {
        for (var i = 0; i < Rounds; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            act();
            if (bytes > 0) GC.KeepAlive(new byte[bytes]);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A relay and its peers without anything of the harness that allocates.</summary>
    private sealed class Line : IDisposable
    {
        private const int PacketsADigit = 10;
        private readonly Epoll _epoll = new();
        private readonly EpollEvent[] _ready = new EpollEvent[8];
        private readonly MediaRelay _relay;
        private readonly int _socket = UdpSocket.Open(RelayHarness.Endpoint("127.97.0.3", 0), 0, reusePort: false);
        private readonly int _ear = UdpSocket.Open(RelayHarness.Endpoint("127.97.0.4", 0), 0, reusePort: false);
        private readonly IpEndpoint _local;
        private readonly byte[] _audio = Packets.Rtp(1);
        private readonly byte[] _event = Packets.Rtp(1, payloadType: 96)[..16];
        private readonly byte[] _buffer = new byte[2048];
        private readonly bool _isTone;
        private NullEvents _events;
        private ushort _sequence;
        private uint _begun;
        private long _nowMs = 1;

        public Line(in DtmfPlan plan)
        {
            var address = RelayHarness.NewAddress();
            var pool = new RtpPortPool(RelayHarness.Endpoint(address, 0), 20_000, 4, _epoll);
            pool.Open().ShouldBe(RtpPortPoolResult.Ok);
            _relay = new MediaRelay(pool, new MediaSettings());
            _relay.TryOpen(1, out var session).ShouldBeTrue();
            var (a, b) = (UdpSocket.LocalEndpoint(_socket), UdpSocket.LocalEndpoint(_ear));
            _relay.SetRemote(session, MediaSide.A, a, a, false, SdpDirection.SendRecv, 8000, _nowMs);
            _relay.SetRemote(session, MediaSide.B, b, b, false, SdpDirection.SendRecv, 8000, _nowMs);
            _relay.Dtmf.SetPlan(session, MediaSide.A, plan);
            _local = RelayHarness.Endpoint(address, _relay.LocalPort(session, MediaSide.A));
            _isTone = plan.From.Way == DtmfWay.InBand;
        }

        public long Heard => _relay.Dtmf.Counters.Heard(DtmfWay.InBand) + _relay.Dtmf.Counters.Heard(DtmfWay.Rfc4733);

        public long Received { get; private set; }

        /// <summary>One packet: of ten the first four are a digit.</summary>
        public void Round()
        {
            var phase = _sequence % PacketsADigit;
            if (phase == 0) _begun = (uint)(_sequence * 160);
            var isDigit = phase < PacketsADigit / 2;
            var packet = isDigit && !_isTone ? _event : _audio;
            if (isDigit && _isTone) DtmfTone.WriteFrame(5, phase, 0, _audio.AsSpan(12));
            else if (isDigit) new TelephoneEvent(5, phase > 1, 7, (ushort)((phase + 1) * 160)).Write(_event.AsSpan(12));
            else _audio.AsSpan(12).Fill(0xff);
            var timestamp = isDigit && !_isTone ? _begun : (uint)(_sequence * 160);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
            UdpSocket.SendTo(_socket, packet, _local);
            var count = _epoll.Wait(_ready, 0);
            for (var i = 0; i < count; i++) _relay.OnReadable(_ready[i], _nowMs, ref _events);
            _relay.Tick(_nowMs += 20, ref _events);
            while (UdpSocket.Receive(_ear, _buffer) >= 0) Received++;
        }

        public void Dispose()
        {
            _relay.Dispose();
            _epoll.Dispose();
            UdpSocket.Close(_socket);
            UdpSocket.Close(_ear);
        }
    }

    private struct NullEvents : IMediaEvents
    {
        public readonly void OnFirstPacket(int session, int user, MediaSide side)
        {
        }

        public readonly void OnMediaTimeout(int session, int user, MediaSide side, MediaTimeoutKind kind)
        {
        }

        public readonly void OnPeerGone(int session, int user, MediaSide side)
        {
        }

        public readonly void OnPlayed(int session, int user, MediaSide side)
        {
        }

        public readonly void OnDigit(int session, int user, MediaSide side, byte key, int durationMs)
        {
        }

        public readonly void OnKeysFailed(int session, int user, MediaSide side, DtlsResult why)
        {
        }
    }
}
