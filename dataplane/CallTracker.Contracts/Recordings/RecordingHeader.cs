using System.Buffers.Binary;
using System.Text;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// The first bytes of a recording's file, in the clear: whose it is and when it began. The key's wrapping vouches for
/// them. Immutable.
/// </summary>
/// <param name="TrnId">処理ID of the call.</param>
/// <param name="OperatorId">Whose call.</param>
/// <param name="ClientId">The advertiser.</param>
/// <param name="NodeId">Who recorded.</param>
/// <param name="DinMs">When the call arrived, Unix milliseconds.</param>
/// <param name="StartMs">When the recording began, Unix milliseconds.</param>
/// <param name="Sides">Whose voice.</param>
public sealed record RecordingHeader(
    string TrnId, string OperatorId, string ClientId, string NodeId, long DinMs, long StartMs, RecordingSetting Sides)
{
    /// <summary>Bytes of the wrapped key behind the header.</summary>
    public const int WrappedKeyLength = 12 + 32 + 16;
    /// <summary>The longest header, wrapped key included.</summary>
    public const int LengthMax = 512;
    private const int TextLengthMax = 64;
    private const int KeepDaysLength = 2;

    /// <summary>Days after the call that it is to be deleted; 0: never.</summary>
    public int KeepDays { get; init; }

    /// <summary>Voices recorded: 1 or 2.</summary>
    public int Channels => Sides == RecordingSetting.Both ? 2 : 1;

    /// <summary>The header without the wrapped key, as it lies in the file and as the key's wrapping sees it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[LengthMax];
        RecordingFormat.Magic.CopyTo(bytes);
        var at = RecordingFormat.Magic.Length + 2;
        bytes[at++] = (byte)Sides;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), DinMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), StartMs);
        at += 16;
        foreach (var text in new[] { TrnId, OperatorId, ClientId, NodeId })
        {
            var length = Encoding.UTF8.GetBytes(text, bytes.AsSpan(at + 1, TextLengthMax));
            bytes[at] = (byte)length;
            at += 1 + length;
        }
        // Left out where there is none, as in files of the first version.
        if (KeepDays > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)KeepDays);
            at += KeepDaysLength;
        }
        var whole = at + WrappedKeyLength;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(RecordingFormat.Magic.Length), (ushort)whole);
        return bytes[..at];
    }

    /// <summary>Reads a header; null when the bytes are none, or too few.</summary>
    /// <param name="bytes">The start of a file.</param>
    /// <param name="length">Bytes of the header, wrapped key included.</param>
    public static RecordingHeader? TryRead(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var magic = RecordingFormat.Magic;
        if (bytes.Length < magic.Length + 2 + 17 || !bytes.StartsWith(magic)) return null;
        length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[magic.Length..]);
        if (length > bytes.Length || length > LengthMax) return null;
        var at = magic.Length + 2;
        var sides = (RecordingSetting)bytes[at];
        var (din, start) = (
            BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 1)..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 9)..]));
        at += 17;
        var texts = new string[4];
        for (var i = 0; i < texts.Length; i++)
        {
            if (at >= length || at + 1 + bytes[at] > length) return null;
            texts[i] = Encoding.UTF8.GetString(bytes.Slice(at + 1, bytes[at]));
            at += 1 + bytes[at];
        }
        var keepDays = 0;
        if (at + KeepDaysLength + WrappedKeyLength == length)
        {
            keepDays = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
            at += KeepDaysLength;
        }
        var isWhole = at + WrappedKeyLength == length && RecordingFormat.IsTrnId(texts[0])
            && sides is RecordingSetting.Caller or RecordingSetting.Callee or RecordingSetting.Both;
        return !isWhole ? null : new RecordingHeader(texts[0], texts[1], texts[2], texts[3], din, start, sides)
        {
            KeepDays = keepDays,
        };
    }
}
