using System.Buffers.Binary;
using CallTracker.Calls.Model;

namespace CallTracker.Calls.Recording;

/// <summary>
/// What the writer is told of a call whose recording begins: 処理ID (24 bytes), arrival (8 bytes, Unix milliseconds,
/// little-endian), then the route's owner. Stateless.
/// </summary>
public static class RecordingLabel
{
    /// <summary>Bytes before the owner.</summary>
    public const int HeadLength = CallFacts.TrnIdLength + 8;

    /// <summary>Writes a label; its length.</summary>
    public static int Write(CallFacts facts, ReadOnlySpan<byte> owner, Span<byte> label)
    {
        facts.TrnId.CopyTo(label);
        BinaryPrimitives.WriteInt64LittleEndian(label[CallFacts.TrnIdLength..], facts.DinUnixMs);
        owner.CopyTo(label[HeadLength..]);
        return HeadLength + owner.Length;
    }

    /// <summary>The call's 処理ID.</summary>
    public static ReadOnlySpan<byte> TrnId(ReadOnlySpan<byte> label) => label[..CallFacts.TrnIdLength];

    /// <summary>When the call arrived.</summary>
    public static long DinUnixMs(ReadOnlySpan<byte> label) =>
        BinaryPrimitives.ReadInt64LittleEndian(label[CallFacts.TrnIdLength..]);

    /// <summary>The route's owner.</summary>
    public static ReadOnlySpan<byte> Owner(ReadOnlySpan<byte> label) => label[HeadLength..];
}
