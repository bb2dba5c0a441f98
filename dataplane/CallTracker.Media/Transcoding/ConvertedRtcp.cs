using System.Buffers.Binary;

namespace CallTracker.Media.Transcoding;

/// <summary>
/// Reports of a converted call speak of streams that the other side does not see: their sources are put for each other,
/// and times and counts brought to the other stream's, in place (RFC 3550 section 7.2). Sequence numbers in reception
/// reports stay those of the stream that was reported on. Stateless.
/// </summary>
internal static class ConvertedRtcp
{
    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte Goodbye = 203;
    private const byte TransportFeedback = 205;
    private const byte PayloadFeedback = 206;
    private const int HeaderLength = 4;
    private const int SenderInfoEnd = 28;
    private const int BlockLength = 24;

    /// <summary>Rewrites a datagram of whole RTCP packets; what is none is left as it is.</summary>
    /// <param name="datagram">From one side, about to go to the other.</param>
    /// <param name="forth">What converts the audio of the side it came from.</param>
    /// <param name="back">What converts the audio that the side it came from hears.</param>
    public static void Translate(Span<byte> datagram, AudioConverter forth, AudioConverter back)
    {
        while (datagram.Length >= HeaderLength + sizeof(uint) && datagram[0] >> 6 == 2)
        {
            var length = (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) + 1) * 4;
            if (length < HeaderLength + sizeof(uint) || length > datagram.Length) return;
            TranslateOne(datagram[..length], forth, back);
            datagram = datagram[length..];
        }
    }

    private static void TranslateOne(Span<byte> packet, AudioConverter forth, AudioConverter back)
    {
        var count = packet[0] & 31;
        switch (packet[1])
        {
            case SenderReport when packet.Length >= SenderInfoEnd:
                WriteSenderInfo(packet, forth);
                WriteBlocks(packet[SenderInfoEnd..], count, back);
                break;
            case ReceiverReport:
                WriteBlocks(packet[(HeaderLength + 4)..], count, back);
                break;
            case TransportFeedback or PayloadFeedback when packet.Length >= HeaderLength + 8:
                Put(packet[(HeaderLength + 4)..], back.OwnSsrc, back.SourceSsrc);
                break;
            case Goodbye:
                for (var at = HeaderLength + 4; count > 1 && at + 4 <= packet.Length; count--, at += 4)
                    Put(packet[at..], forth.SourceSsrc, forth.OwnSsrc);
                break;
        }
        // In all of them the first source is who sends.
        Put(packet[HeaderLength..], forth.SourceSsrc, forth.OwnSsrc);
    }

    // SSRC | NTP time (2) | RTP time | packets | octets
    private static void WriteSenderInfo(Span<byte> packet, AudioConverter forth)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(packet[HeaderLength..]) != forth.SourceSsrc) return;
        var timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], forth.TimestampOf(timestamp));
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], forth.PacketsSent);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], forth.OctetsSent);
    }

    // SSRC | fraction, lost | highest sequence | jitter | last report | delay since
    private static void WriteBlocks(Span<byte> blocks, int count, AudioConverter back)
    {
        for (; count > 0 && blocks.Length >= BlockLength; count--, blocks = blocks[BlockLength..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(blocks) != back.OwnSsrc) continue;
            BinaryPrimitives.WriteUInt32BigEndian(blocks, back.SourceSsrc);
            var jitter = BinaryPrimitives.ReadUInt32BigEndian(blocks[12..]);
            BinaryPrimitives.WriteUInt32BigEndian(blocks[12..], back.SourceTimeOf(jitter));
        }
    }

    private static void Put(Span<byte> at, uint from, uint to)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(at) == from) BinaryPrimitives.WriteUInt32BigEndian(at, to);
    }
}
