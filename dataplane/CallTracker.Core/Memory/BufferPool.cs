namespace CallTracker.Core.Memory;

/// <summary>
/// Byte arrays in five sizes for one worker: messages and bodies that a call keeps for a while. Made on first need,
/// kept for ever, bounded in total; empty means null, and the caller refuses the call.
/// </summary>
/// <param name="bytesMax">Bytes it may hold altogether.</param>
public sealed class BufferPool(long bytesMax)
{
    /// <summary>The largest buffer lent.</summary>
    public const int SizeMax = 65536;
    private const int ClassCount = 5;
    private readonly Stack<byte[]>[] _free = [new(), new(), new(), new(), new()];
    private long _bytesMade;

    /// <summary>Buffers out on loan; 0 when every call has ended.</summary>
    public int Lent { get; private set; }

    /// <summary>Loans since start: a number that tells one loan of a buffer from another of the same.</summary>
    public long Loans { get; private set; }

    /// <summary>
    /// Lends a buffer of at least <paramref name="length"/> bytes; null at the bound or when too long.
    /// </summary>
    public byte[]? TryRent(int length)
    {
        if (length > SizeMax) return null;
        var index = ClassOf(length);
        if (!_free[index].TryPop(out var buffer)) buffer = TryMake(SizeOf(index));
        if (buffer is null) return null;
        Lent++;
        Loans++;
        return buffer;
    }

    /// <summary>Takes a lent buffer back.</summary>
    public void Return(byte[] buffer)
    {
        _free[ClassOf(buffer.Length)].Push(buffer);
        Lent--;
    }

    private static int ClassOf(int length)
    {
        var index = 0;
        while (index < ClassCount - 1 && length > SizeOf(index)) index++;
        return index;
    }

    // An SDP offer, an INVITE, an INVITE of a talkative peer, two for what only streams and fragments carry.
    private static int SizeOf(int index) => index switch { 0 => 512, 1 => 1024, 2 => 2048, 3 => 8192, _ => SizeMax };

    private byte[]? TryMake(int size)
    {
        if (_bytesMade + size > bytesMax) return null;
        _bytesMade += size;
        return GC.AllocateUninitializedArray<byte>(size);
    }
}
