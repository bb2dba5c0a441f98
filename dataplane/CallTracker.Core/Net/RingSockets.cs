using System.Runtime.InteropServices;
using CallTracker.Core.Linux;
using CallTracker.Core.Linux.Uring;

namespace CallTracker.Core.Net;

/// <summary>
/// The sockets of a <see cref="DatagramRing"/> and their receives: each has one order, which lasts until the kernel
/// ends it and is then given again, but for sockets that are paused. Owned by one ring.
/// </summary>
internal sealed unsafe class RingSockets : IDisposable
{
    /// <summary>How many can be paused at a time.</summary>
    public const int PausesMax = 32;
    // Of a paused socket: its receive is not over yet, or is.
    private const byte PausedRunning = 1;
    private const byte PausedEnded = 2;
    private readonly IoUring _ring;
    private readonly ushort _bufferGroup;
    private readonly int[] _sockets;
    private readonly int[] _unarmed;
    private readonly byte[] _pauses;
    private readonly MultiMessage* _shape;
    private int _unarmedCount;
    private int _pausedCount;
    private bool _isStopping;

    /// <param name="ring">Where orders go.</param>
    /// <param name="socketsMax">So many numbers there are.</param>
    /// <param name="bufferGroup">The buffers that datagrams are received into.</param>
    /// <param name="nameBytes">Room for the source's address in each.</param>
    public RingSockets(IoUring ring, int socketsMax, ushort bufferGroup, int nameBytes)
    {
        _ring = ring;
        _bufferGroup = bufferGroup;
        _sockets = new int[socketsMax];
        Array.Fill(_sockets, -1);
        _unarmed = new int[socketsMax];
        _pauses = new byte[socketsMax];
        _shape = (MultiMessage*)NativeMemory.AllocZeroed((nuint)sizeof(MultiMessage));
        _shape->NameLength = nameBytes;
    }

    /// <summary>Numbers are below it.</summary>
    public int Count => _sockets.Length;

    /// <summary>Receives that the kernel has.</summary>
    public int ArmedCount { get; private set; }

    /// <summary>Sockets that were paused, since start.</summary>
    public long Pauses { get; private set; }

    /// <summary>Of orders that name a socket: with files registered, they do it by its number, else by its
    /// descriptor.</summary>
    public byte Flags { get; private set; }

    /// <summary>Adds a socket; it has no receive yet.</summary>
    public void Add(int number, int socket)
    {
        _sockets[number] = socket;
        _unarmed[_unarmedCount++] = number;
    }

    /// <summary>Registers the sockets; where the kernel does not take them, orders name descriptors: dearer, and as
    /// good.</summary>
    public void Register()
    {
        if (_ring.RegisterFiles(_sockets) == 0) Flags = UringCall.EntryFixedFile;
    }

    /// <summary>A socket's descriptor.</summary>
    public int this[int number] => _sockets[number];

    /// <summary>How an order with <see cref="Flags"/> names a socket.</summary>
    public int NameOf(int number) => Flags != 0 ? number : _sockets[number];

    /// <summary>Gives orders to receive where none is; what the kernel has no memory for now, the next time.</summary>
    public void Arm()
    {
        while (_unarmedCount > 0)
        {
            var entry = _ring.TryTakeEntry(out _);
            if (entry == null)
            {
                _ring.Submit();
                if (_ring.PendingCount > 0) return;
                continue;
            }
            var number = _unarmed[--_unarmedCount];
            entry->Operation = UringCall.OperationReceiveMessage;
            entry->Flags = (byte)(UringCall.EntrySelectsBuffer | Flags);
            entry->Option = UringCall.ReceiveMultishot;
            entry->Descriptor = NameOf(number);
            entry->Address = _shape;
            entry->Length = 1;
            entry->BufferGroup = _bufferGroup;
            entry->Data = (ulong)number;
            ArmedCount++;
        }
    }

    /// <summary>A receive is over.</summary>
    public void OnEnded(int number)
    {
        ArmedCount--;
        if (_isStopping) return;
        if (_pauses[number] == 0) _unarmed[_unarmedCount++] = number;
        else _pauses[number] = PausedEnded;
    }

    /// <summary>Ends a socket's receive until <see cref="Resume"/>. False when it is paused already, or as many as may
    /// be are.</summary>
    /// <param name="number">The socket.</param>
    /// <param name="mark">The data of the order that ends the receive.</param>
    public bool TryPause(int number, ulong mark)
    {
        if (_pauses[number] != 0 || _pausedCount == PausesMax || _isStopping) return false;
        var ended = Array.IndexOf(_unarmed, number, 0, _unarmedCount);
        if (ended < 0 && !TryCancel(number, mark)) return false;
        // One that ended in this turn is not begun again in the next.
        if (ended >= 0) _unarmed[ended] = _unarmed[--_unarmedCount];
        _pauses[number] = ended < 0 ? PausedRunning : PausedEnded;
        _pausedCount++;
        Pauses++;
        return true;
    }

    /// <summary>Ends a pause; a socket that is not paused is left alone.</summary>
    public void Resume(int number)
    {
        if (_pauses[number] == 0) return;
        if (_pauses[number] == PausedEnded) _unarmed[_unarmedCount++] = number;
        _pauses[number] = 0;
        _pausedCount--;
    }

    /// <summary>From now on nothing is paused, and no receive that ends is begun again.</summary>
    public void BeginStop() => _isStopping = true;

    /// <summary>Lets go of the sockets, when all receives are over.</summary>
    public void Unregister()
    {
        if (Flags != 0) _ring.UnregisterFiles();
    }

    /// <summary>After the ring was closed, never before.</summary>
    public void Dispose() => NativeMemory.Free(_shape);

    // By the receive's data. One that ended by itself meanwhile is not found, which is told and does no harm.
    private bool TryCancel(int number, ulong mark)
    {
        var entry = _ring.TryTakeEntry(out _);
        if (entry == null) return false;
        entry->Operation = UringCall.OperationCancel;
        entry->Flags = UringCall.EntrySkipsSuccess;
        entry->Address = (void*)(nuint)(uint)number;
        entry->Data = mark;
        return true;
    }
}
