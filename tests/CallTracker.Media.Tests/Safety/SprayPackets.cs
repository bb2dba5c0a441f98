using System.Buffers.Binary;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Safety;

/// <summary>
/// What an attacker who knows nothing of a call sends to its ports: the packet of the published spray tool
/// (CVE-2025-53399) and the like, streams with the right payload type, guesses, and other protocols.
/// </summary>
internal static class SprayPackets
{
    /// <summary>Kinds of single packets; see <see cref="Make"/>.</summary>
    public const int KindCount = 10;
    private const uint Ssrc = 0xef0a_07de;

    /// <summary>One packet of a stream that a latch might learn: paced, in order, of the right payload type.</summary>
    public static byte[] OfStream(int sequence, uint source) => Packets.Rtp(sequence, Ssrc + source);

    /// <param name="kind">From 0 to <see cref="KindCount"/> - 1.</param>
    /// <param name="step">Makes guesses vary.</param>
    /// <param name="ssrc">The right SSRC of the stream that is attacked, the luckiest of guesses.</param>
    public static byte[] Make(int kind, int step, uint ssrc) => kind switch
    {
        0 => Packets.Rtp(0xee3c, Ssrc, timestamp: 0x0442_a2c1),
        1 => Packets.Rtp(step * 7919, (uint)step * 2_654_435_761u, payloadType: (byte)(step % 128)),
        2 => Packets.Rtp(step, ssrc),
        3 => Report(200, (uint)step),
        4 => Report(203, (uint)step),
        5 => Report(201, ssrc ^ 0x8000_0000),
        6 => Packets.Stun(),
        7 => Packets.Dtls(),
        8 => [0x80],
        _ => new byte[3000],
    };

    /// <summary>A sender report, a receiver report or a BYE of two sources, by their type (RFC 3550 section
    /// 6).</summary>
    public static byte[] Report(byte type, uint ssrc)
    {
        var report = Packets.Rtcp();
        report[1] = type;
        if (type == 203) report[0] = 0x82;
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
        return report;
    }
}
