using System.Buffers.Binary;

namespace CallTracker.Media.Ice;

/// <summary>
/// A Binding request as ICE sends it (RFC 8489 section 5, RFC 8445 section 7.1): a view of the datagram. Reading it
/// proves nothing; who sent it is told by its MESSAGE-INTEGRITY, which <see cref="StunIntegrity"/> looks at.
/// </summary>
internal readonly ref struct StunRequest
{
    public const int HeaderLength = 20;
    public const int TransactionLength = 12;
    public const uint Cookie = 0x2112_A442;
    /// <summary>The longest that is looked at; RFC 8489 section 6.1 has 548 for a path of unknown MTU.</summary>
    public const int BytesMax = 1024;
    public const int IntegrityLength = 20;
    public const int AttributeHeaderLength = 4;
    private const int FingerprintLength = 4;
    private const int FingerprintWhole = AttributeHeaderLength + FingerprintLength;
    private const uint FingerprintMask = 0x5354_554E;

    private StunRequest(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> username, int integrityAt, bool isNominating, bool isControlled,
        ushort unknown)
    {
        Message = message;
        Username = username;
        IntegrityAt = integrityAt;
        IsNominating = isNominating;
        IsControlled = isControlled;
        Unknown = unknown;
    }

    public ReadOnlySpan<byte> Message { get; }

    /// <summary>Fragment of who is asked, a colon, fragment of who asks.</summary>
    public ReadOnlySpan<byte> Username { get; }

    /// <summary>Where the MESSAGE-INTEGRITY attribute begins.</summary>
    public int IntegrityAt { get; }

    public ReadOnlySpan<byte> Integrity =>
        Message.Slice(IntegrityAt + AttributeHeaderLength, IntegrityLength);

    /// <summary>USE-CANDIDATE: the peer wants this pair to be used.</summary>
    public bool IsNominating { get; }

    /// <summary>The sender believes that the other side chooses, which a lite one never does.</summary>
    public bool IsControlled { get; }

    /// <summary>An attribute that would have to be understood; 0 for none.</summary>
    public ushort Unknown { get; }

    public ReadOnlySpan<byte> Transaction => Message.Slice(8, TransactionLength);

    /// <summary>Its FINGERPRINT is right. It costs a look at each byte, and so comes after the name.</summary>
    public bool IsIntact
    {
        get
        {
            var attribute = Message[^FingerprintWhole..];
            return BinaryPrimitives.ReadUInt32BigEndian(attribute[AttributeHeaderLength..])
                == FingerprintOf(Message[..^FingerprintWhole]);
        }
    }

    /// <summary>
    /// Reads a datagram; false for everything but a whole Binding request with USERNAME, MESSAGE-INTEGRITY and, at its
    /// end, a FINGERPRINT.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out StunRequest request)
    {
        request = default;
        return IsRequest(datagram) && HasFingerprint(datagram) && TryReadAttributes(datagram, out request);
    }

    // 0 0 | type: method Binding, class request | length without this header | cookie | transaction
    private static bool IsRequest(ReadOnlySpan<byte> datagram) =>
        datagram.Length is >= HeaderLength and <= BytesMax
        && BinaryPrimitives.ReadUInt16BigEndian(datagram) == 1
        && BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) == datagram.Length - HeaderLength
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == Cookie
        && datagram.Length % 4 == 0;

    private static bool HasFingerprint(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < HeaderLength + FingerprintWhole) return false;
        var attribute = datagram[^FingerprintWhole..];
        return BinaryPrimitives.ReadUInt16BigEndian(attribute) == StunAttribute.Fingerprint
            && BinaryPrimitives.ReadUInt16BigEndian(attribute[2..]) == FingerprintLength;
    }

    /// <summary>The value of FINGERPRINT behind these bytes, whose length field counts it already.</summary>
    public static uint FingerprintOf(ReadOnlySpan<byte> before) => Crc32.Of(before) ^ FingerprintMask;

    // Behind MESSAGE-INTEGRITY nothing counts but FINGERPRINT (RFC 8489 section 14.5); of each the first counts.
    private static bool TryReadAttributes(ReadOnlySpan<byte> datagram, out StunRequest request)
    {
        request = default;
        ReadOnlySpan<byte> username = default;
        var (isNominating, isControlled, unknown) = (false, false, (ushort)0);
        var at = HeaderLength;
        while (datagram.Length - at >= AttributeHeaderLength)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            if (length > datagram.Length - at - AttributeHeaderLength) return false;
            if (type == StunAttribute.MessageIntegrity)
            {
                if (length != IntegrityLength || username.IsEmpty) return false;
                request = new StunRequest(datagram, username, at, isNominating, isControlled, unknown);
                return true;
            }
            if (type == StunAttribute.Username && username.IsEmpty)
                username = datagram.Slice(at + AttributeHeaderLength, length);
            isNominating |= type == StunAttribute.UseCandidate;
            isControlled |= type == StunAttribute.IceControlled;
            if (type < StunAttribute.OptionalFirst && !StunAttribute.IsKnown(type) && unknown == 0) unknown = type;
            at += AttributeHeaderLength + ((length + 3) & ~3);
        }
        return false;
    }
}
