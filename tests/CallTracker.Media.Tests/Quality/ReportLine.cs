using System.Buffers.Binary;
using CallTracker.Media.Quality;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Quality;

/// <summary>Two phones that send RTP and RTCP at will, and the relay between them.</summary>
internal sealed class ReportLine : IDisposable
{
    public const uint SsrcOfA = 0xa0a0_a0a0;
    public const uint SsrcOfB = 0xb0b0_b0b0;
    // There is but one ::1, which other tests share.
    private const int FirstPort = 21_600;
    private const int PeerPort = 21_700;
    private readonly bool _isMuxed;
    private int _sequence;

    public ReportLine(bool isMuxed = false, string? second = null, bool isAnswered = true)
    {
        _isMuxed = isMuxed;
        Harness = new RelayHarness(new MediaSettings { SilenceMsMax = 0 }, firstPort: FirstPort,
            second: second is null ? default : RelayHarness.Endpoint(second, 0));
        var address = second ?? Harness.Address;
        A = new MediaPeer(address, PeerPort);
        B = new MediaPeer(address, PeerPort + 2);
        ControlA = isMuxed ? A : new MediaPeer(address, PeerPort + 1);
        ControlB = isMuxed ? B : new MediaPeer(address, PeerPort + 3);
        Harness.Relay.TryOpen(1, second is null, second is null, out var session).ShouldBeTrue();
        Session = session;
        Harness.SetRemote(session, MediaSide.A, A.Endpoint, mux: isMuxed).ShouldBeTrue();
        Harness.SetRemote(session, MediaSide.B, B.Endpoint, mux: isMuxed).ShouldBeTrue();
        if (isAnswered) Harness.Relay.MarkAnswered(session, Harness.NowMs);
    }

    public RelayHarness Harness { get; }
    public MediaPeer A { get; }
    public MediaPeer B { get; }
    public MediaPeer ControlA { get; }
    public MediaPeer ControlB { get; }
    public int Session { get; }

    /// <summary>What the timestamps say that lies between two packets.</summary>
    public int StepMs { get; init; } = 1000;

    public MediaQuality QualityOf(MediaSide side) => Harness.Totals(Session, side).Quality;

    /// <summary>One packet each way.</summary>
    public void Talk(bool fromA = true, bool fromB = true)
    {
        _sequence++;
        if (fromA) Send(A, MediaSide.A, SsrcOfA);
        if (fromB) Send(B, MediaSide.B, SsrcOfB);
        Harness.PumpUntil(() => Harness.Totals(Session, MediaSide.A).Packets >= (fromA ? (ulong)_sequence : 0)
            && Harness.Totals(Session, MediaSide.B).Packets >= (fromB ? (ulong)_sequence : 0));
    }

    /// <summary>Talk and time, second by second.</summary>
    public void Talk(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Talk();
            Harness.Pass(1000);
        }
    }

    /// <summary>A sender report of A, or a receiver report of B with one block, relayed to the other.</summary>
    public void Report(MediaSide from, RtcpSenderInfo? sender, RtcpReportBlock? block = null)
    {
        var buffer = new byte[RtcpReportWriter.LengthMax];
        var ssrc = from == MediaSide.A ? SsrcOfA : SsrcOfB;
        var length = RtcpReportWriter.Write(buffer, ssrc, sender, block);
        var before = Harness.Relay.Counters.RtcpRelayed;
        var peer = from == MediaSide.A ? ControlA : ControlB;
        peer.Send(Harness.Local(Session, from, _isMuxed ? 0 : 1), buffer.AsSpan(0, length));
        Harness.PumpUntil(() => Harness.Relay.Counters.RtcpRelayed > before);
    }

    /// <summary>The RTCP that a peer has, oldest first; RTP is passed over.</summary>
    public static List<byte[]> ReportsAt(MediaPeer peer)
    {
        var reports = new List<byte[]>();
        while (peer.TryReceive(out var datagram, out _))
        {
            if (MediaDemux.Classify(datagram) == MediaPacketKind.Rtcp) reports.Add(datagram);
        }
        return reports;
    }

    public static uint SsrcOf(byte[] report) => BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(4));

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        if (!_isMuxed) ControlA.Dispose();
        if (!_isMuxed) ControlB.Dispose();
        Harness.Dispose();
    }

    private void Send(MediaPeer peer, MediaSide side, uint ssrc) =>
        peer.Send(Harness.Local(Session, side), Packets.Rtp(_sequence, ssrc, (uint)(_sequence * 8 * StepMs)));
}
