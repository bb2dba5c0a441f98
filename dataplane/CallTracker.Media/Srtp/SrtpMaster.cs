using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CallTracker.Media.Srtp;

/// <summary>
/// A master key and salt with their suite: what one side sends with (RFC 3711 section 3.2.1). A plain value, all zero
/// for none. Whoever keeps one overwrites it at the call's end; its text says nothing of the key.
/// </summary>
public struct SrtpMaster : IEquatable<SrtpMaster>
{
    private MasterBytes _bytes;

    public SrtpSuite Suite { get; private set; }

    public readonly bool IsNone => Suite == SrtpSuite.None;

    /// <summary>Key and salt, one behind the other.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_bytes)[..Length];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Key => Bytes[..SrtpSuites.KeyLength(Suite)];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Salt => Bytes[SrtpSuites.KeyLength(Suite)..];

    private readonly int Length => IsNone ? 0 : SrtpSuites.MasterLength(Suite);

    public static bool operator ==(in SrtpMaster left, in SrtpMaster right) => left.Equals(right);

    public static bool operator !=(in SrtpMaster left, in SrtpMaster right) => !left.Equals(right);

    /// <summary>Takes key and salt, which must have the suite's length together.</summary>
    public static SrtpMaster Of(SrtpSuite suite, ReadOnlySpan<byte> keyAndSalt)
    {
        if (keyAndSalt.Length != SrtpSuites.MasterLength(suite))
            throw new ArgumentException("Not of the suite's length.", nameof(keyAndSalt));
        var master = new SrtpMaster { Suite = suite };
        keyAndSalt.CopyTo(master._bytes);
        return master;
    }

    public readonly bool Equals(SrtpMaster other) =>
        Suite == other.Suite && CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public override readonly bool Equals(object? obj) => obj is SrtpMaster other && Equals(other);

    // Nobody keys a table by a secret.
    public override readonly int GetHashCode() => (int)Suite;

    public override readonly string ToString() => "";

    [InlineArray(SrtpSuites.MasterLengthMax)]
    private struct MasterBytes
    {
        private byte _first;
    }
}
