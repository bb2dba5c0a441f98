using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CallTracker.Media.Dtls;

/// <summary>The identification tag of a stream (a=mid, RFC 5888 section 4). A plain value, all zero for none.</summary>
public struct MediaId : IEquatable<MediaId>
{
    /// <summary>Longer ones are as good as absent; browsers number their streams.</summary>
    public const int LengthMax = 32;
    private Characters _text;
    private byte _length;

    public readonly bool IsNone => _length == 0;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => ((ReadOnlySpan<byte>)_text)[.._length];

    public static bool operator ==(in MediaId left, in MediaId right) => left.Equals(right);

    public static bool operator !=(in MediaId left, in MediaId right) => !left.Equals(right);

    public static MediaId Of(ReadOnlySpan<byte> text)
    {
        var made = default(MediaId);
        if (text.Length > LengthMax) return made;
        text.CopyTo(made._text);
        made._length = (byte)text.Length;
        return made;
    }

    public readonly bool Equals(MediaId other) => Text.SequenceEqual(other.Text);

    public override readonly bool Equals(object? obj) => obj is MediaId other && Equals(other);

    public override readonly int GetHashCode() => _length;

    [InlineArray(LengthMax)]
    private struct Characters
    {
        private byte _first;
    }
}
