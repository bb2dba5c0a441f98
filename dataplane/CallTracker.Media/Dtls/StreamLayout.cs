using System.Runtime.CompilerServices;

namespace CallTracker.Media.Dtls;

/// <summary>
/// Which streams a peer's SDP has, in order: an answer names them all (RFC 3264 section 6), and a browser refuses one
/// that does not. A plain value.
/// </summary>
public struct StreamLayout : IEquatable<StreamLayout>
{
    /// <summary>As many as an SDP may have here.</summary>
    public const int CountMax = Sdp.SdpView.MediaMax;
    private const int TypeCount = 6;
    private Kinds _kinds;
    private byte _count;
    private byte _relayed;

    public readonly int Count => _count;

    /// <summary>Which one is ours.</summary>
    public readonly int Relayed => _relayed;

    /// <summary>One audio stream.</summary>
    public static StreamLayout Single { get; } = new() { _count = 1 };

    public static bool operator ==(in StreamLayout left, in StreamLayout right) => left.Equals(right);

    public static bool operator !=(in StreamLayout left, in StreamLayout right) => !left.Equals(right);

    /// <summary>Adds a stream; its type is one of <see cref="TypeOf"/>, or counts as the last of them.</summary>
    public void Add(ReadOnlySpan<byte> type, bool isRelayed)
    {
        if (_count == CountMax) return;
        if (isRelayed) _relayed = _count;
        byte kind = 0;
        while (kind < TypeCount - 1 && !Name(kind).SequenceEqual(type)) kind++;
        _kinds[_count++] = kind;
    }

    /// <summary>The type of a stream, as the m= line has it.</summary>
    public readonly ReadOnlySpan<byte> TypeOf(int index) => Name(_kinds[index]);

    public readonly bool Equals(StreamLayout other) =>
        _count == other._count && _relayed == other._relayed
        && ((ReadOnlySpan<byte>)_kinds).SequenceEqual(other._kinds);

    public override readonly bool Equals(object? obj) => obj is StreamLayout other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_count, _relayed);

    private static ReadOnlySpan<byte> Name(byte kind) => kind switch
    {
        0 => "audio"u8,
        1 => "video"u8,
        2 => "text"u8,
        3 => "image"u8,
        4 => "message"u8,
        _ => "application"u8,
    };

    [InlineArray(CountMax)]
    private struct Kinds
    {
        private byte _first;
    }
}
