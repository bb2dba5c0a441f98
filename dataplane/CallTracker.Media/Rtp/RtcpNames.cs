using System.Buffers.Binary;

namespace CallTracker.Media.Rtp;

/// <summary>
/// Writes over the texts of source descriptions (RFC 3550 section 6.5) in place: a CNAME is user@host by recommendation
/// and would tell one side's network to the other. Lengths stay, and the same SSRC keeps the same name. Stateless.
/// </summary>
internal static class RtcpNames
{
    private const int HeaderLength = 4;
    private const byte SourceDescription = 202;
    private const byte PrivateItem = 8;

    /// <summary>The item that every source must have.</summary>
    public const byte CanonicalName = 1;

    /// <summary>Changes nothing unless the datagram is a compound of whole RTCP packets to its last byte.</summary>
    public static void Hide(Span<byte> datagram)
    {
        if (!IsPlainCompound(datagram)) return;
        while (!datagram.IsEmpty)
        {
            var length = LengthOf(datagram);
            if (datagram[1] == SourceDescription) HideTexts(datagram[..length]);
            datagram = datagram[length..];
        }
    }

    // SRTCP ends in an index and a tag, and what is encrypted is no chain of headers: it is left alone.
    private static bool IsPlainCompound(ReadOnlySpan<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            if (!MediaDemux.IsWholeRtcp(datagram) && !IsEmptyPacket(datagram)) return false;
            datagram = datagram[LengthOf(datagram)..];
        }
        return true;
    }

    // A BYE or SDES without sources is a header alone.
    private static bool IsEmptyPacket(ReadOnlySpan<byte> packet) => packet.Length >= HeaderLength
        && packet[0] >> 6 == 2 && packet[1] is >= 192 and <= 223 && packet[2] == 0 && packet[3] == 0;

    private static int LengthOf(ReadOnlySpan<byte> packet) =>
        (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4;

    // SDES = header, then for each source: SSRC, items, a zero, padding to 32 bits
    private static void HideTexts(Span<byte> packet)
    {
        var at = HeaderLength;
        for (var sources = packet[0] & 31; sources > 0 && at + 4 <= packet.Length; sources--)
        {
            var source = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            at += 4;
            while (at < packet.Length && packet[at] != 0)
            {
                if (at + 2 > packet.Length || at + 2 + packet[at + 1] > packet.Length) return;
                Write(packet[at], packet.Slice(at + 2, packet[at + 1]), source);
                at += 2 + packet[at + 1];
            }
            at = (at & ~3) + 4;
        }
    }

    /// <summary>Writes the name that a source has in our reports, whatever its own was.</summary>
    public static void Write(byte item, Span<byte> text, uint source)
    {
        var mix = source + item;
        foreach (ref var octet in text)
        {
            mix = (mix * 1_664_525) + 1_013_904_223;
            octet = (byte)('a' + ((mix >> 16) % 26));
        }
        // Its first octet is the length of a prefix within.
        if (item == PrivateItem && !text.IsEmpty) text[0] = 0;
    }
}
