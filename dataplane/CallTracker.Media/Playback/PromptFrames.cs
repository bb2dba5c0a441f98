namespace CallTracker.Media.Playback;

/// <summary>
/// A prompt's RTP payloads in one codec, one for each 20 ms, in one array: of one length each, or of their own lengths
/// by a list of ends. Immutable; read by all workers.
/// </summary>
public sealed class PromptFrames
{
    /// <summary>Longest payload that fits in one packet of any usual network.</summary>
    public const int LengthMax = 1280;
    private readonly byte[] _bytes;
    private readonly int[]? _ends;
    private readonly int _length;

    private PromptFrames(byte[] bytes, int[]? ends, int length)
    {
        (_bytes, _ends, _length) = (bytes, ends, length);
        Count = ends?.Length ?? bytes.Length / length;
    }

    /// <summary>How many frames of 20 ms.</summary>
    public int Count { get; }

    /// <summary>What it takes in memory.</summary>
    public long Bytes => _bytes.LongLength + ((_ends?.LongLength ?? 0) * sizeof(int));

    /// <summary>Frames of one length, as G.711, G.722 and L16 have them.</summary>
    /// <param name="bytes">A whole number of frames.</param>
    /// <param name="length">Bytes of each.</param>
    public static PromptFrames OfFixedLength(byte[] bytes, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(length is > 0 and <= LengthMax, true, nameof(length));
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length % length, 0, nameof(bytes));
        return new PromptFrames(bytes, null, length);
    }

    /// <summary>Frames of different lengths, as Opus has them.</summary>
    /// <param name="bytes">All frames, one after the other.</param>
    /// <param name="ends">Where each one ends.</param>
    public static PromptFrames OfOwnLengths(byte[] bytes, int[] ends)
    {
        var start = 0;
        foreach (var end in ends)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(end - start is >= 0 and <= LengthMax, true, nameof(ends));
            start = end;
        }
        ArgumentOutOfRangeException.ThrowIfNotEqual(start, bytes.Length, nameof(ends));
        return new PromptFrames(bytes, ends, 0);
    }

    /// <summary>The payload of a frame.</summary>
    public ReadOnlySpan<byte> this[int frame]
    {
        get
        {
            if (_ends is null) return _bytes.AsSpan(frame * _length, _length);
            var start = frame == 0 ? 0 : _ends[frame - 1];
            return _bytes.AsSpan(start, _ends[frame] - start);
        }
    }
}
