using System.Buffers.Binary;

namespace CallTracker.Media.Rtp;

/// <summary>
/// Writes a compound packet of our own: a sender or receiver report with at most one block, and the CNAME that every
/// compound must have (RFC 3550 section 6.1). Stateless.
/// </summary>
internal static class RtcpReportWriter
{
    /// <summary>The longest compound.</summary>
    public const int LengthMax = 28 + RtcpReportBlock.Length + NameLength;
    private const int NameTextLength = 9;
    // Header, SSRC, item header and text, and the zero that ends the items: full words.
    private const int NameLength = 4 + 4 + 2 + NameTextLength + 1;

    /// <summary>Writes the compound; its length.</summary>
    /// <param name="to">Room for <see cref="LengthMax"/>.</param>
    /// <param name="ssrc">Who reports.</param>
    /// <param name="sender">Of its own stream; null makes a receiver report.</param>
    /// <param name="block">Of what it receives; null: nothing was received.</param>
    public static int Write(Span<byte> to, uint ssrc, RtcpSenderInfo? sender, RtcpReportBlock? block)
    {
        var at = 8;
        if (sender is { } info)
        {
            WriteSender(to[at..], info);
            at += 20;
        }
        if (block is { } report)
        {
            report.Write(to[at..]);
            at += RtcpReportBlock.Length;
        }
        WriteHeader(to, sender is null ? (byte)201 : (byte)200, block is null ? 0 : 1, at, ssrc);
        return at + WriteName(to[at..], ssrc);
    }

    // |V=2|P|    RC   |      PT       |             length            |
    // |                         SSRC of sender                        |
    private static void WriteHeader(Span<byte> to, byte type, int count, int length, uint ssrc)
    {
        to[0] = (byte)(0x80 | count);
        to[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)((length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], ssrc);
    }

    // |              NTP timestamp, most significant word             |
    // |             NTP timestamp, least significant word             |
    // |                         RTP timestamp                         |
    // |                     sender's packet count                     |
    // |                      sender's octet count                     |
    private static void WriteSender(Span<byte> to, in RtcpSenderInfo info)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, info.Ntp);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], info.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], info.Packets);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], info.Octets);
    }

    // SDES = header, SSRC, CNAME=1, length, text, 0
    private static int WriteName(Span<byte> to, uint ssrc)
    {
        WriteHeader(to, 202, 1, NameLength, ssrc);
        to[8] = RtcpNames.CanonicalName;
        to[9] = NameTextLength;
        RtcpNames.Write(RtcpNames.CanonicalName, to.Slice(10, NameTextLength), ssrc);
        to[10 + NameTextLength] = 0;
        return NameLength;
    }
}
