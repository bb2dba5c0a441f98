using System.Buffers.Binary;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Keeps copies of messages for retransmission in chunks of graded sizes, cut from pinned blocks that the collector
/// never moves. Grows to a bound in bytes and never shrinks; full is an answer, not an exception. Owned by one worker
/// thread.
/// </summary>
/// <param name="bytesMax">Bytes of blocks it may make.</param>
internal sealed class MessageStore(long bytesMax)
{
    // A chunk starts with the length of what it holds; a free chunk starts with the handle of the next free one.
    private const int HeaderLength = 2;
    private const int BlockLength = 64 * 1024;
    private const int IndexBits = 27;
    private static readonly int[] Sizes =
    [
        32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480, 512,
        640, 768, 1024, 1280, 1536, 2048, 3072, 4096, 8192, 16_384, 32_768, 65_792,
    ];

    private readonly Grade[] _grades = MakeGrades();

    /// <summary>Bytes of blocks made so far.</summary>
    public long BytesMade { get; private set; }

    /// <summary>Bytes of chunks in use.</summary>
    public long BytesUsed { get; private set; }

    /// <summary>True when less than an eighth of the bound is left.</summary>
    public bool IsNearBound => BytesUsed >= bytesMax - (bytesMax / 8);

    /// <summary>Makes the blocks for so many chunks of a length ahead of need.</summary>
    public void Reserve(int length, int count)
    {
        var grade = GradeFor(length);
        if (grade < 0) return;
        while (_grades[grade].FreeCount < count && TryGrow(grade))
        {
        }
    }

    /// <summary>Keeps a copy; the handle, or 0 when the store is at its bound.</summary>
    public int Keep(ReadOnlySpan<byte> message)
    {
        var grade = GradeFor(message.Length);
        if (grade < 0 || (_grades[grade].Free == 0 && !TryGrow(grade))) return 0;
        ref var from = ref _grades[grade];
        var handle = from.Free;
        var chunk = ChunkOf(handle);
        from.Free = BinaryPrimitives.ReadInt32LittleEndian(chunk);
        from.FreeCount--;
        BytesUsed += Sizes[grade];
        BinaryPrimitives.WriteUInt16LittleEndian(chunk, (ushort)message.Length);
        message.CopyTo(chunk[HeaderLength..]);
        return handle;
    }

    /// <summary>
    /// Keeps a copy in place of what the handle holds; 0 when there is no room, and nothing is held then.
    /// </summary>
    public int Replace(int handle, ReadOnlySpan<byte> message)
    {
        if (handle != 0 && GradeFor(message.Length) == GradeOf(handle))
        {
            var chunk = ChunkOf(handle);
            BinaryPrimitives.WriteUInt16LittleEndian(chunk, (ushort)message.Length);
            message.CopyTo(chunk[HeaderLength..]);
            return handle;
        }
        Forget(handle);
        return Keep(message);
    }

    public void Forget(int handle)
    {
        if (handle == 0) return;
        ref var grade = ref _grades[GradeOf(handle)];
        BinaryPrimitives.WriteInt32LittleEndian(ChunkOf(handle), grade.Free);
        grade.Free = handle;
        grade.FreeCount++;
        BytesUsed -= Sizes[GradeOf(handle)];
    }

    /// <summary>What is kept; empty for handle 0.</summary>
    public ReadOnlySpan<byte> Read(int handle)
    {
        if (handle == 0) return default;
        var chunk = ChunkOf(handle);
        return chunk.Slice(HeaderLength, BinaryPrimitives.ReadUInt16LittleEndian(chunk));
    }

    /// <summary>What is kept, for a parser that wants the array.</summary>
    public (byte[] Block, int Offset, int Length) Locate(int handle)
    {
        var grade = GradeOf(handle);
        var (block, offset) = Place(grade, IndexOf(handle));
        var bytes = _grades[grade].Blocks[block];
        return (bytes, offset + HeaderLength, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset)));
    }

    private static Grade[] MakeGrades()
    {
        var grades = new Grade[Sizes.Length];
        for (var i = 0; i < grades.Length; i++) grades[i].Blocks = [];
        return grades;
    }

    private static int GradeFor(int length)
    {
        if (length > ushort.MaxValue) return -1;
        var needed = length + HeaderLength;
        if (needed <= 512) return ((needed + 31) / 32) - 1;
        var grade = 16;
        while (Sizes[grade] < needed) grade++;
        return grade;
    }

    private static int GradeOf(int handle) => (handle - 1) >>> IndexBits;

    private static int IndexOf(int handle) => (handle - 1) & ((1 << IndexBits) - 1);

    private static (int Block, int Offset) Place(int grade, int index)
    {
        var perBlock = PerBlock(grade);
        return (index / perBlock, index % perBlock * Sizes[grade]);
    }

    private static int PerBlock(int grade) => Math.Max(1, BlockLength / Sizes[grade]);

    private Span<byte> ChunkOf(int handle)
    {
        var grade = GradeOf(handle);
        var (block, offset) = Place(grade, IndexOf(handle));
        return _grades[grade].Blocks[block].AsSpan(offset, Sizes[grade]);
    }

    private bool TryGrow(int grade)
    {
        ref var growing = ref _grades[grade];
        var perBlock = PerBlock(grade);
        var length = perBlock * Sizes[grade];
        if (BytesMade + length > bytesMax) return false;
        if (growing.BlockCount == growing.Blocks.Length)
            Array.Resize(ref growing.Blocks, Math.Max(4, growing.Blocks.Length * 2));
        var first = growing.BlockCount * perBlock;
        growing.Blocks[growing.BlockCount++] = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        BytesMade += length;
        for (var index = first + perBlock - 1; index >= first; index--)
        {
            var handle = ((grade << IndexBits) | index) + 1;
            BinaryPrimitives.WriteInt32LittleEndian(ChunkOf(handle), growing.Free);
            growing.Free = handle;
        }
        growing.FreeCount += perBlock;
        return true;
    }

    private struct Grade
    {
        public byte[][] Blocks;
        public int BlockCount;
        public int Free;
        public int FreeCount;
    }
}
