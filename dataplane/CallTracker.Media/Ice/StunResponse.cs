using System.Buffers.Binary;
using CallTracker.Core.Net;

namespace CallTracker.Media.Ice;

/// <summary>
/// Writes our answers to Binding requests (RFC 8489 section 6.3.1, RFC 8445 section 7.3): all of them with
/// MESSAGE-INTEGRITY, by the password that the request was made with, and FINGERPRINT. Stateless.
/// </summary>
internal static class StunResponse
{
    /// <summary>Bytes of the longest.</summary>
    public const int BytesMax = 128;
    /// <summary>The sender has to choose pairs itself (RFC 8445 section 7.3.1.1).</summary>
    public const int RoleConflict = 487;
    /// <summary>An attribute is unknown that would have to be understood.</summary>
    public const int UnknownAttribute = 420;
    private const ushort Success = 0x0101;
    private const ushort Error = 0x0111;

    /// <summary>The check is good; its length. The requester is told its address as we see it.</summary>
    // XOR-MAPPED-ADDRESS: 0 | family | port, with the cookie's upper half | address, with cookie and transaction
    public static int WriteSuccess(
        in StunRequest request, in IpEndpoint source, ReadOnlySpan<byte> password, StunIntegrity integrity,
        Span<byte> destination)
    {
        var at = Begin(request, Success, destination);
        var value = destination[(at + StunRequest.AttributeHeaderLength)..];
        value[0] = 0;
        value[1] = source.IsIpv4 ? (byte)1 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(source.Port ^ (StunRequest.Cookie >> 16)));
        var length = source.WriteAddress(value[4..]);
        // The cookie and the transaction stand one behind the other in the header.
        for (var i = 0; i < length; i++) value[4 + i] ^= request.Message[4 + i];
        WriteHead(destination[at..], StunAttribute.XorMappedAddress, 4 + length);
        return End(destination, at + StunRequest.AttributeHeaderLength + 4 + length, password, integrity);
    }

    /// <summary>The request cannot be granted; its length.</summary>
    public static int WriteError(
        in StunRequest request, int code, ReadOnlySpan<byte> password, StunIntegrity integrity,
        Span<byte> destination)
    {
        var at = Begin(request, Error, destination);
        // 21 zero bits | class | number | reason phrase, which is for people and may be empty
        WriteHead(destination[at..], StunAttribute.ErrorCode, 4);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 4)..], (uint)(((code / 100) << 8) | (code % 100)));
        at += 8;
        if (code == UnknownAttribute)
        {
            WriteHead(destination[at..], StunAttribute.UnknownAttributes, 2);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 4)..], request.Unknown);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 6)..], 0);
            at += 8;
        }
        return End(destination, at, password, integrity);
    }

    private static int Begin(in StunRequest request, ushort type, Span<byte> destination)
    {
        request.Message[..StunRequest.HeaderLength].CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        return StunRequest.HeaderLength;
    }

    private static void WriteHead(Span<byte> attribute, ushort type, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(attribute, type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
    }

    private static int End(Span<byte> destination, int at, ReadOnlySpan<byte> password, StunIntegrity integrity)
    {
        var code = destination.Slice(at + StunRequest.AttributeHeaderLength, StunRequest.IntegrityLength);
        integrity.Compute(destination[..at], password, code);
        WriteHead(destination[at..], StunAttribute.MessageIntegrity, StunRequest.IntegrityLength);
        at += StunRequest.AttributeHeaderLength + StunRequest.IntegrityLength;
        var whole = at + 8;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(whole - StunRequest.HeaderLength));
        WriteHead(destination[at..], StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 4)..], StunRequest.FingerprintOf(destination[..at]));
        return whole;
    }
}
