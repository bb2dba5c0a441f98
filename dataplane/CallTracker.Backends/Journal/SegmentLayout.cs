using System.Numerics;
using System.Runtime.InteropServices;

namespace CallTracker.Backends.Journal;

/// <summary>
/// How a segment file looks. Stateless.
/// <code>
/// 0     magic "CTJRNL01"      8   worker (int32)      12  segment number (int32)   16  run id (int64)
/// 24    made at, Unix ms      32  CRC-32C of 0..31    40  heartbeat, Unix ms       4096 first entry
/// entry: 0 payload length (int32, written last)  4 CRC-32C  8 kind  9 zero ×3  12 segment number  16 payload, to 8
/// bytes
/// </code>
/// </summary>
internal static class SegmentLayout
{
    public const int HeaderLength = 4096;
    public const int WorkerOffset = 8;
    public const int NumberOffset = 12;
    public const int RunOffset = 16;
    public const int MadeAtOffset = 24;
    public const int HeaderCrcOffset = 32;
    public const int HeartbeatOffset = 40;
    public const int EntryHeaderLength = 16;
    public const int CrcOffset = 4;
    public const int KindOffset = 8;
    public const int EntryNumberOffset = 12;
    /// <summary>
    /// The longest entry: what <see cref="CallFactsWriter.LengthMax"/> needs and its header, rounded up.
    /// </summary>
    public const int EntryLengthMax = 2560;
    public const int PayloadLengthMax = EntryLengthMax - EntryHeaderLength;

    public static ReadOnlySpan<byte> Magic => "CTJRNL01"u8;

    /// <summary>What an entry takes in the file: header and payload, to the next multiple of eight.</summary>
    public static int LengthOf(int payloadLength) => (EntryHeaderLength + payloadLength + 7) & ~7;

    /// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
