using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallTracker.Core.Linux;
using CallTracker.Core.Memory;
using CallTracker.Core.Time;

namespace CallTracker.Core.Net;

/// <summary>
/// Receives datagrams in batches (recvmmsg) from a socket that many peers send to, with the kernel's receive timestamp
/// (SO_TIMESTAMPNS), so that a record's times are those of arrival even when the worker is late. Owned by one worker.
/// Batching pays on such fan-in sockets only (research/sip.md section 2.3).
/// </summary>
public sealed unsafe class DatagramReceiver : IDisposable
{
    /// <summary>Datagrams taken by one call at most.</summary>
    public const int BatchMax = 32;
    private const int ControlLength = 128;
    private const int ControlHeaderLength = 16;
    private readonly DatagramPool _pool;
    private readonly MultiMessage* _messages;
    private readonly IoVector* _vectors;
    private readonly SockAddr* _sources;
    private readonly byte* _control;
    private readonly Datagram?[] _slots = new Datagram?[BatchMax];
    private bool _disposed;

    public DatagramReceiver(int descriptor, DatagramPool pool)
    {
        Descriptor = descriptor;
        _pool = pool;
        _messages = (MultiMessage*)NativeMemory.AllocZeroed(BatchMax, (nuint)sizeof(MultiMessage));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(BatchMax, (nuint)sizeof(IoVector));
        _sources = (SockAddr*)NativeMemory.AllocZeroed(BatchMax, (nuint)sizeof(SockAddr));
        _control = (byte*)NativeMemory.AllocZeroed(BatchMax, ControlLength);
        UdpSocket.SetOption(descriptor, LibC.SolSocket, LibC.SoTimestampNs, 1);
        UdpSocket.SetOption(descriptor, LibC.SolSocket, LibC.SoReceiveOverflow, 1);
    }

    public int Descriptor { get; }

    /// <summary>
    /// Datagrams the kernel dropped because this socket's buffer was full (SO_RXQ_OVFL), since it was opened.
    /// </summary>
    public uint KernelDrops { get; private set; }

    /// <summary>
    /// True when the last receive took nothing because all buffers are out; what came waits in the kernel.
    /// </summary>
    public bool IsStarved { get; private set; }

    /// <summary>Datagrams longer than a pooled buffer; dropped here.</summary>
    public long Oversized { get; private set; }

    /// <summary>
    /// Takes what is there, up to a batch. Each returned datagram belongs to the caller now.
    /// </summary>
    /// <param name="batch">Receives at most <see cref="BatchMax"/> datagrams.</param>
    /// <param name="clock">For datagrams without a kernel timestamp, and for the monotonic time.</param>
    public int Receive(Span<Datagram> batch, IClock clock)
    {
        var wanted = PrepareSlots();
        IsStarved = wanted == 0;
        if (wanted == 0) return 0;
        var received = LibC.ReceiveMany(Descriptor, _messages, (uint)wanted, LibC.MessageDontWait, null);
        if (received <= 0) return 0;
        var now = new ReceivedAt(clock.NowMs, clock.UnixMs);
        var count = 0;
        for (var i = 0; i < received; i++)
        {
            if (Complete(i, now)) batch[count++] = Take(i);
        }
        return count;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        for (var i = 0; i < BatchMax; i++)
        {
            if (_slots[i] is { } datagram) _pool.Return(datagram);
        }
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_sources);
        NativeMemory.Free(_control);
    }

    private Datagram Take(int index)
    {
        var datagram = _slots[index]!;
        _slots[index] = null;
        return datagram;
    }

    // Slots that were not filled keep their buffers from call to call; only taken ones are renewed.
    private int PrepareSlots()
    {
        for (var i = 0; i < BatchMax; i++)
        {
            if (_slots[i] is null)
            {
                if ((_pool.TryRent() ?? TakeLater(i)) is not { } datagram) return i;
                _slots[i] = datagram;
                _vectors[i].Base = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(datagram.Buffer, datagram.Offset);
                _vectors[i].Length = (nuint)datagram.Capacity;
            }
            _messages[i].Name = _sources + i;
            _messages[i].NameLength = SockAddr.SizeInet6;
            _messages[i].Vectors = _vectors + i;
            _messages[i].VectorCount = 1;
            _messages[i].Control = _control + (i * ControlLength);
            _messages[i].ControlLength = ControlLength;
            _messages[i].Flags = 0;
        }
        return BatchMax;
    }

    // The pool is empty: a buffer that waits in a later slot serves this one, or it would be lent to nobody.
    private Datagram? TakeLater(int index)
    {
        for (var i = BatchMax - 1; i > index; i--)
        {
            if (_slots[i] is not null) return Take(i);
        }
        return null;
    }

    private bool Complete(int index, in ReceivedAt now)
    {
        ref var message = ref _messages[index];
        if ((message.Flags & LibC.MessageTruncated) != 0)
        {
            Oversized++;
            return false;
        }
        var datagram = _slots[index]!;
        datagram.Length = (int)message.Length;
        datagram.Source = _sources[index].Read();
        datagram.KernelNs = ReadControl(message);
        var unixMs = datagram.KernelNs > 0 ? datagram.KernelNs / 1_000_000 : now.UnixMs;
        datagram.At = now with { UnixMs = unixMs };
        return true;
    }

    // struct cmsghdr { size_t len; int level; int type; } followed by its data, aligned to 8 bytes.
    private long ReadControl(in MultiMessage message)
    {
        var control = new ReadOnlySpan<byte>(message.Control, (int)message.ControlLength);
        long kernelNs = 0;
        while (control.Length >= ControlHeaderLength)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(control);
            if (length < ControlHeaderLength || length > control.Length) break;
            var type = BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
            var data = control[ControlHeaderLength..length];
            if (type == LibC.SoTimestampNs && data.Length >= 16) kernelNs = ToNs(data);
            if (type == LibC.SoReceiveOverflow && data.Length >= 4)
                KernelDrops = BinaryPrimitives.ReadUInt32LittleEndian(data);
            var step = (length + 7) & ~7;
            if (step >= control.Length) break;
            control = control[step..];
        }
        return kernelNs;
    }

    // struct timespec { time_t seconds; long nanoseconds; }
    private static long ToNs(ReadOnlySpan<byte> data) =>
        (BinaryPrimitives.ReadInt64LittleEndian(data) * 1_000_000_000) +
        BinaryPrimitives.ReadInt64LittleEndian(data[8..]);
}
