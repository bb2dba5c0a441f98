using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CallTracker.Media.Ice;

/// <summary>
/// Our username fragment and password on a leg (RFC 8445 section 5.3): whoever knows them was told by our SDP. A plain
/// value, all zero for none; its text says nothing of the password.
/// </summary>
public struct IceCredentials : IEquatable<IceCredentials>
{
    /// <summary>48 bits, so that a stranger does not even get as far as the password.</summary>
    private const int FragmentLength = 8;
    /// <summary>144 bits; 128 are the least.</summary>
    private const int PasswordLength = 24;
    private SecretText _text;
    private bool _isMade;

    public readonly bool IsNone => !_isMade;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Fragment => ((ReadOnlySpan<byte>)_text)[..FragmentLength];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Password => ((ReadOnlySpan<byte>)_text)[FragmentLength..];

    public static bool operator ==(in IceCredentials left, in IceCredentials right) => left.Equals(right);

    public static bool operator !=(in IceCredentials left, in IceCredentials right) => !left.Equals(right);

    public static IceCredentials Make()
    {
        var made = new IceCredentials { _isMade = true };
        Span<byte> text = made._text;
        RandomNumberGenerator.Fill(text);
        foreach (ref var octet in text)
            octet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8[octet & 63];
        return made;
    }

    public readonly bool Equals(IceCredentials other) =>
        _isMade == other._isMade && CryptographicOperations.FixedTimeEquals(_text, other._text);

    public override readonly bool Equals(object? obj) => obj is IceCredentials other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_text[0], _text[1], _text[2], _text[3]);

    public override readonly string ToString() => "";

    [InlineArray(FragmentLength + PasswordLength)]
    private struct SecretText
    {
        private byte _first;
    }
}
