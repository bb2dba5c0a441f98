using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>Ours against libsrtp, each suite, both ways, RTP and RTCP, over a wrap of the sequence.</summary>
public sealed class LibSrtpTests
{
    private const int First = 65_500;
    private const int Count = 200;

    public static TheoryData<SrtpSuite> Suites => SrtpKit.Suites;

    [Theory, MemberData(nameof(Suites))]
    public void Rtp_SealedByUs_OpensThere(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        using var peer = new LibSrtp(kit.Master, sends: false);
        for (var i = 0; i < Count; i++)
        {
            var packet = i % 2 == 0 ? Packets.Rtp(First + i) : SrtpKit.LongHeader(First + i);
            var wire = kit.Seal(packet);
            var length = wire.Length;
            peer.UnprotectRtp(wire, ref length).ShouldBe(0, $"packet {i}");
            wire[..length].ShouldBe(packet);
        }
    }

    [Theory, MemberData(nameof(Suites))]
    public void Rtp_SealedThere_OpensHere(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        using var peer = new LibSrtp(kit.Master, sends: true);
        for (var i = 0; i < Count; i++)
        {
            var packet = i % 2 == 0 ? Packets.Rtp(First + i) : SrtpKit.LongHeader(First + i);
            var buffer = new byte[256];
            packet.CopyTo(buffer, 0);
            var length = packet.Length;
            peer.ProtectRtp(buffer, ref length).ShouldBe(0);
            var (result, opened) = kit.Open(buffer[..length]);
            result.ShouldBe(SrtpResult.Ok, $"packet {i}");
            opened.ShouldBe(packet);
        }
    }

    [Theory, MemberData(nameof(Suites))]
    public void Rtcp_BothWays_Opens(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        using var theirSender = new LibSrtp(kit.Master, sends: true);
        using var theirReceiver = new LibSrtp(kit.Master, sends: false);
        for (var i = 0; i < 5; i++)
        {
            var datagram = Packets.Rtcp((byte)(i % 2));
            var ours = kit.SealRtcp(datagram);
            var length = ours.Length;
            theirReceiver.UnprotectRtcp(ours, ref length).ShouldBe(0, $"datagram {i}");
            ours[..length].ShouldBe(datagram);
            var theirs = new byte[256];
            datagram.CopyTo(theirs, 0);
            length = datagram.Length;
            theirSender.ProtectRtcp(theirs, ref length).ShouldBe(0);
            var (result, opened) = kit.OpenRtcp(theirs[..length]);
            result.ShouldBe(SrtpResult.Ok, $"datagram {i}");
            opened.ShouldBe(datagram);
        }
    }
}
