using System.Buffers.Binary;
using System.Security.Cryptography;
using CallTracker.Core.Crypto;

namespace CallTracker.Media.Ice;

/// <summary>
/// MESSAGE-INTEGRITY (RFC 8489 section 14.5): HMAC-SHA1 with the password, over the message up to it, with a length
/// that counts it. Owned by one relay; allocates nothing per message.
/// </summary>
internal sealed class StunIntegrity : IDisposable
{
    private readonly byte[] _scratch = new byte[StunRequest.BytesMax];
    private readonly Sha1Mac _mac = new();

    /// <summary>True when the request was made by somebody who knows the password.</summary>
    public bool Holds(in StunRequest request, ReadOnlySpan<byte> password)
    {
        var before = _scratch.AsSpan(0, request.IntegrityAt);
        request.Message[..request.IntegrityAt].CopyTo(before);
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        Compute(before, password, code);
        return CryptographicOperations.FixedTimeEquals(code, request.Integrity);
    }

    /// <summary>Computes the code over a message that it will stand behind, and sets the length in it.</summary>
    public void Compute(Span<byte> before, ReadOnlySpan<byte> password, Span<byte> code)
    {
        var length = before.Length - StunRequest.HeaderLength + StunRequest.AttributeHeaderLength
            + StunRequest.IntegrityLength;
        BinaryPrimitives.WriteUInt16BigEndian(before[2..], (ushort)length);
        _mac.SetKey(password);
        _mac.Compute(before, default, code);
    }

    public void Dispose() => _mac.Dispose();
}
