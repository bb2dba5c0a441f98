using System.Buffers.Binary;

namespace CallTracker.Media.Rtp;

/// <summary>The fixed RTP header of one packet, and where its payload lies. A plain value, read in place.</summary>
public readonly struct RtpHeader
{
    /// <summary>Bytes of the header without contributing sources and extension.</summary>
    public const int FixedLength = 12;
    private const byte Version2 = 2;

    private RtpHeader(ReadOnlySpan<byte> packet, int headerLength, int paddingLength)
    {
        Marker = (packet[1] & 0x80) != 0;
        PayloadType = (byte)(packet[1] & 0x7f);
        Sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        HeaderLength = headerLength;
        PaddingLength = paddingLength;
    }

    public bool Marker { get; }

    public byte PayloadType { get; }

    public ushort Sequence { get; }

    public uint Timestamp { get; }

    public uint Ssrc { get; }

    /// <summary>Bytes before the payload: fixed part, contributing sources and extension.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of padding after the payload, its count byte included; 0 when it was not looked at.</summary>
    public int PaddingLength { get; }

    //  0                   1                   2                   3
    //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    // |V=2|P|X|  CC   |M|     PT      |       sequence number         |
    // |                           timestamp                           |
    // |           synchronization source (SSRC) identifier            |
    // |            contributing source (CSRC) identifiers, CC         |
    // |   defined by profile (X)      |     length in 32-bit words    |

    /// <summary>Gives a packet another payload type and timestamp; its header then.</summary>
    public static bool TryRetype(Span<byte> packet, byte payloadType, uint timestamp, out RtpHeader header)
    {
        packet[1] = (byte)((packet[1] & 0x80) | payloadType);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        return Parse(packet, paddingReadable: false, out header) == RtpParseResult.Ok;
    }

    /// <summary>Reads a header.</summary>
    /// <param name="packet">One UDP payload.</param>
    /// <param name="paddingReadable">False for packets that may be SRTP: their padding count is encrypted.</param>
    /// <param name="header">The header, only when the result is <see cref="RtpParseResult.Ok"/>.</param>
    public static RtpParseResult Parse(ReadOnlySpan<byte> packet, bool paddingReadable, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength) return RtpParseResult.TooShort;
        var first = packet[0];
        if (first >> 6 != Version2) return RtpParseResult.BadVersion;
        var headerLength = FixedLength + ((first & 0x0f) * 4);
        if (packet.Length < headerLength) return RtpParseResult.SourcesBeyondEnd;
        if ((first & 0x10) != 0)
        {
            if (packet.Length < headerLength + 4) return RtpParseResult.ExtensionBeyondEnd;
            headerLength += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(headerLength + 2)..]) * 4);
            if (packet.Length < headerLength) return RtpParseResult.ExtensionBeyondEnd;
        }
        var paddingLength = 0;
        if (paddingReadable && (first & 0x20) != 0)
        {
            paddingLength = packet[^1];
            if (paddingLength == 0 || headerLength + paddingLength > packet.Length) return RtpParseResult.BadPadding;
        }
        header = new RtpHeader(packet, headerLength, paddingLength);
        return RtpParseResult.Ok;
    }
}
