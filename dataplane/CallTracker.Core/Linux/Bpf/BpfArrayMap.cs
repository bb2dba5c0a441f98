using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Bpf;

/// <summary>
/// An array map of the kernel, mapped into this process: both sides read and write the same memory, so that no system
/// call is needed after the start. Gone with the process. Who may touch which entry when is the users' agreement.
/// </summary>
public sealed unsafe class BpfArrayMap : IDisposable
{
    private const int TypeArray = 2;
    private const int FlagMapped = 1 << 10;
    private const int ReadWrite = 3;
    private const int Shared = 1;
    private readonly nuint _bytes;
    private byte* _memory;

    private BpfArrayMap(int descriptor, byte* memory, nuint bytes)
    {
        Descriptor = descriptor;
        _memory = memory;
        _bytes = bytes;
    }

    public int Descriptor { get; }

    /// <summary>The first entry; the others follow at the size of a value.</summary>
    public nint Memory => (nint)_memory;

    /// <summary>Makes a map, zeroed.</summary>
    /// <param name="valueBytes">Size of an entry, a multiple of 8.</param>
    /// <param name="count">Entries.</param>
    /// <param name="map">The map, when the result is 0.</param>
    /// <returns>0 or a negated errno.</returns>
    public static int TryCreate(int valueBytes, int count, out BpfArrayMap? map)
    {
        map = null;
        Span<byte> block = stackalloc byte[BpfCall.BlockBytes];
        block.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(block, TypeArray);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], sizeof(uint));
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], valueBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], count);
        BinaryPrimitives.WriteInt32LittleEndian(block[16..], FlagMapped);
        var descriptor = BpfCall.Run(BpfCall.MapCreate, block);
        if (descriptor < 0) return descriptor;
        var page = (nuint)Environment.SystemPageSize;
        var bytes = (((nuint)valueBytes * (nuint)count) + page - 1) / page * page;
        var memory = BpfCall.MapMemory(null, bytes, ReadWrite, Shared, descriptor, 0);
        if ((nint)memory == -1)
        {
            var error = Marshal.GetLastSystemError();
            _ = LibC.Close(descriptor);
            return -error;
        }
        map = new BpfArrayMap(descriptor, (byte*)memory, bytes);
        return 0;
    }

    public void Dispose()
    {
        if (_memory is null) return;
        _ = BpfCall.UnmapMemory(_memory, _bytes);
        _memory = null;
        _ = LibC.Close(Descriptor);
    }
}
