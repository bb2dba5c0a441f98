using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CallTracker.Contracts.Recordings;

/// <summary>What a recording came to: the content of its last chunk, and most of its row. Immutable.</summary>
public sealed record RecordingSummary
{
    /// <summary>Bytes of the content.</summary>
    public const int Length = LengthWithoutPause + 4;
    // As files of the first version have it.
    private const int LengthWithoutPause = 2 + (4 * 5) + SHA256.HashSizeInBytes;
    public RecordingState State { get; init; }
    public RecordingFault Faults { get; init; }
    /// <summary>Milliseconds of sound, silence included.</summary>
    public uint DurationMs { get; init; }
    /// <summary>Milliseconds of the caller's that were sent and are not in it, whoever lost them.</summary>
    public uint CallerLostMs { get; init; }
    public uint CalleeLostMs { get; init; }
    /// <summary>Milliseconds of either side that came here and are not in it.</summary>
    public uint MissingMs { get; init; }
    /// <summary>Where the parties consented, in milliseconds from the start plus one; 0: they did not.</summary>
    public uint ConsentMs { get; init; }
    /// <summary>Milliseconds during which recording was paused; silence in the file.</summary>
    public uint PausedMs { get; init; }
    /// <summary>SHA-256 of all bytes of the file before the last chunk.</summary>
    public byte[] Hash { get; init; } = [];

    public void Write(Span<byte> content)
    {
        (content[0], content[1]) = ((byte)State, (byte)Faults);
        BinaryPrimitives.WriteUInt32LittleEndian(content[2..], DurationMs);
        BinaryPrimitives.WriteUInt32LittleEndian(content[6..], CallerLostMs);
        BinaryPrimitives.WriteUInt32LittleEndian(content[10..], CalleeLostMs);
        BinaryPrimitives.WriteUInt32LittleEndian(content[14..], MissingMs);
        BinaryPrimitives.WriteUInt32LittleEndian(content[18..], ConsentMs);
        Hash.CopyTo(content[22..]);
        BinaryPrimitives.WriteUInt32LittleEndian(content[LengthWithoutPause..], PausedMs);
    }

    /// <summary>Null when the content is none.</summary>
    public static RecordingSummary? TryRead(ReadOnlySpan<byte> content) =>
        content.Length is not (Length or LengthWithoutPause)
        ? null
        : new()
        {
            State = (RecordingState)content[0],
            Faults = (RecordingFault)content[1],
            DurationMs = BinaryPrimitives.ReadUInt32LittleEndian(content[2..]),
            CallerLostMs = BinaryPrimitives.ReadUInt32LittleEndian(content[6..]),
            CalleeLostMs = BinaryPrimitives.ReadUInt32LittleEndian(content[10..]),
            MissingMs = BinaryPrimitives.ReadUInt32LittleEndian(content[14..]),
            ConsentMs = BinaryPrimitives.ReadUInt32LittleEndian(content[18..]),
            PausedMs = content.Length == Length
                ? BinaryPrimitives.ReadUInt32LittleEndian(content[LengthWithoutPause..])
                : 0,
            Hash = content[22..LengthWithoutPause].ToArray(),
        };
}
