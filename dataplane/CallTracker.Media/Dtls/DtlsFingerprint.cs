using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace CallTracker.Media.Dtls;

/// <summary>
/// The hash of a certificate, by which SDP says whose handshake is the right one (RFC 8122 section 5). A plain value,
/// all zero for none.
/// </summary>
public struct DtlsFingerprint : IEquatable<DtlsFingerprint>
{
    private const int LengthMax = 64;
    /// <summary>The longest text: the hash's name, a space, two digits and a colon for each byte.</summary>
    public const int TextLengthMax = 8 + (LengthMax * 3);
    private HashBytes _bytes;

    public DtlsHash Hash { get; private set; }

    public readonly bool IsNone => Hash == DtlsHash.None;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_bytes)[..LengthOf(Hash)];

    public static bool operator ==(in DtlsFingerprint left, in DtlsFingerprint right) => left.Equals(right);

    public static bool operator !=(in DtlsFingerprint left, in DtlsFingerprint right) => !left.Equals(right);

    /// <summary>Of a certificate in DER, by SHA-256.</summary>
    public static DtlsFingerprint Of(ReadOnlySpan<byte> certificate)
    {
        var made = new DtlsFingerprint { Hash = DtlsHash.Sha256 };
        SHA256.HashData(certificate, made._bytes);
        return made;
    }

    /// <summary>Takes a hash's bytes; false when they are not of its length.</summary>
    public static bool TryOf(DtlsHash hash, ReadOnlySpan<byte> bytes, out DtlsFingerprint made)
    {
        made = default;
        if (hash == DtlsHash.None || bytes.Length != LengthOf(hash)) return false;
        made.Hash = hash;
        bytes.CopyTo(made._bytes);
        return true;
    }

    /// <summary>Reads the value of the attribute; false for a hash that is not taken, or no hash at all.</summary>
    // fingerprint-attribute = "fingerprint" ":" hash-func SP fingerprint        sha-256 4A:AD:B9:…
    public static bool TryRead(ReadOnlySpan<byte> text, out DtlsFingerprint read)
    {
        read = default;
        var space = text.IndexOf((byte)' ');
        if (space < 1) return false;
        var hash = HashOf(text[..space]);
        text = text[(space + 1)..].Trim((byte)' ');
        var length = LengthOf(hash);
        if (hash == DtlsHash.None || text.Length != (length * 3) - 1) return false;
        for (var i = 0; i < length; i++)
        {
            var (high, low) = (HexValue(text[i * 3]), HexValue(text[(i * 3) + 1]));
            if (high < 0 || low < 0 || (i + 1 < length && text[(i * 3) + 2] != ':')) return false;
            read._bytes[i] = (byte)((high << 4) | low);
        }
        read.Hash = hash;
        return true;
    }

    /// <summary>Writes the value of the attribute; its length.</summary>
    public readonly int Write(Span<byte> destination)
    {
        var name = NameOf(Hash);
        name.CopyTo(destination);
        var at = name.Length;
        foreach (var octet in Bytes)
        {
            destination[at++] = (byte)(at == name.Length + 1 ? ' ' : ':');
            destination[at++] = "0123456789ABCDEF"u8[octet >> 4];
            destination[at++] = "0123456789ABCDEF"u8[octet & 15];
        }
        return at;
    }

    public readonly bool Equals(DtlsFingerprint other) =>
        Hash == other.Hash && CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public override readonly bool Equals(object? obj) => obj is DtlsFingerprint other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Hash, _bytes[0], _bytes[1], _bytes[2]);

    private static int LengthOf(DtlsHash hash) => hash switch
    {
        DtlsHash.Sha256 => 32,
        DtlsHash.Sha384 => 48,
        DtlsHash.Sha512 => 64,
        _ => 0,
    };

    private static ReadOnlySpan<byte> NameOf(DtlsHash hash) => hash switch
    {
        DtlsHash.Sha256 => "sha-256"u8,
        DtlsHash.Sha384 => "sha-384"u8,
        DtlsHash.Sha512 => "sha-512"u8,
        _ => default,
    };

    private static DtlsHash HashOf(ReadOnlySpan<byte> name)
    {
        for (var hash = DtlsHash.Sha256; hash <= DtlsHash.Sha512; hash++)
        {
            if (Ascii.EqualsIgnoreCase(name, NameOf(hash))) return hash;
        }
        return DtlsHash.None;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    [InlineArray(LengthMax)]
    private struct HashBytes
    {
        private byte _first;
    }
}
