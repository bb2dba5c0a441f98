using System.Buffers.Binary;
using CallTracker.Core.Net;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Frames that the kernel must leave to userspace, by name.</summary>
internal static class UnusualFrames
{
    public static readonly string[] Kinds =
    [
        "rtcp", "stun", "dtls", "short", "empty", "sources beyond the end", "extension beyond the end", "version 1",
        "other address", "other port", "to the odd port", "to an idle port", "to a port outside", "too long",
        "last hop", "udp length short", "udp length long", "tcp", "ipv4 options", "ipv4 first fragment",
        "ipv4 last fragment",
    ];

    public static byte[] Make(string kind, ProgramBench bench)
    {
        var rtp = Packets.Rtp(9);
        return kind switch
        {
            "rtcp" => Of(Packets.Rtcp()),
            "stun" => Of(Packets.Stun()),
            "dtls" => Of(Packets.Dtls()),
            "short" => Of(rtp[..11]),
            "empty" => Of([]),
            "sources beyond the end" => Of(Changed(rtp[..40], 0, 0x88)),
            "extension beyond the end" => Of(Changed(Changed(rtp, 0, 0x90), 14, 0x7f)),
            "version 1" => Of(Changed(rtp, 0, 0x40)),
            "other address" => Frames.Udp(bench.Peer.WithPort(bench.Remote.Port), bench.Local, rtp),
            "other port" => Frames.Udp(bench.Remote.WithPort(4003), bench.Local, rtp),
            "to the odd port" => To(bench.Local.Port + 1),
            "to an idle port" => To(FastLab.FirstPort + 6),
            "to a port outside" => To(FastLab.FirstPort + (FastLab.Pairs * 2)),
            "too long" => Of([.. rtp, .. new byte[1200]]),
            "last hop" => Frames.Udp(bench.Remote, bench.Local, rtp, ttl: 1),
            "udp length short" => WithUdpLength(-1),
            "udp length long" => WithUdpLength(1),
            "tcp" => Changed(Of(rtp), Frames.Ethernet + (bench.Local.IsIpv4 ? 9 : 6), 6),
            "ipv4 options" => Changed(Of(rtp), Frames.Ethernet, 0x46),
            "ipv4 first fragment" => Changed(Of(rtp), Frames.Ethernet + 6, 0x20),
            "ipv4 last fragment" => Changed(Of(rtp), Frames.Ethernet + 7, 0x40),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such frame"),
        };

        byte[] Of(byte[] payload) => Frames.Udp(bench.Remote, bench.Local, payload);

        byte[] To(int port) => Frames.Udp(bench.Remote, bench.Local.WithPort((ushort)port), rtp);

        byte[] WithUdpLength(int more)
        {
            var frame = Of(rtp);
            var field = frame.AsSpan(Frames.UdpAt(frame) + 4);
            BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(field) + more));
            return frame;
        }
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
