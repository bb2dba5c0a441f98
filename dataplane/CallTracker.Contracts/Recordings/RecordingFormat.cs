namespace CallTracker.Contracts.Recordings;

/// <summary>
/// The layout of a recording's file: a header in the clear, then chunks, each sealed for itself, the last of them
/// saying what the whole came to. All numbers are little-endian.
/// </summary>
/// <remarks>
/// <code>
/// file   = header chunk*
/// header = "CTREC001" length:u16 fields… wrapped-key:60       see RecordingHeader
/// chunk  = length:u32 kind:u8 sequence:u32 nonce:12 sealed:length tag:16
/// sound  = second:u32 ms:u16 account:14 × 2 caller:8×ms? callee:8×ms?        μ-law, 8 kHz
/// mark   = place-ms:u32 mark:u8
/// end    = see RecordingSummary, with the SHA-256 of all bytes before this chunk
/// </code>
/// </remarks>
public static class RecordingFormat
{
    /// <summary>Samples of a millisecond, one byte each.</summary>
    public const int SamplesPerMs = 8;
    /// <summary>μ-law silence.</summary>
    public const byte Silence = 0xff;
    /// <summary>Bytes before a chunk's nonce.</summary>
    public const int ChunkHeadLength = 9;
    public const int NonceLength = 12;
    public const int TagLength = 16;
    /// <summary>Bytes of a chunk beside what it holds.</summary>
    public const int ChunkOverhead = ChunkHeadLength + NonceLength + TagLength;
    /// <summary>Seven numbers of two bytes: the account of one side.</summary>
    public const int AccountLength = 14;
    /// <summary>Bytes of a sound chunk before the samples.</summary>
    public const int SoundHeadLength = 4 + 2 + (2 * AccountLength);
    /// <summary>The longest chunk's content: a second of both sides.</summary>
    public const int ContentLengthMax = SoundHeadLength + (2 * 1000 * SamplesPerMs);
    /// <summary>Characters of the 処理ID.</summary>
    public const int TrnIdLength = 24;

    /// <summary>The magic bytes with the version.</summary>
    public static ReadOnlySpan<byte> Magic => "CTREC001"u8;

    /// <summary>True for what can be a 処理ID, and so can be no path.</summary>
    public static bool IsTrnId(string text) => text.Length == TrnIdLength && text.All(char.IsAsciiLetterOrDigit);
}
