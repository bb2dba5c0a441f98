namespace CallTracker.Core.Linux.Uring;

/// <summary>
/// One io_uring: a ring of orders and a ring of completions shared with the kernel (Linux 6.1: SINGLE_ISSUER and
/// DEFER_TASKRUN). It is made by any thread; the one that calls <see cref="Enable"/> owns it from then on. The kernel
/// adds completions only inside <see cref="Wait"/> and <see cref="Submit"/>, so between these calls the number of those
/// that wait to be taken is exact.
/// </summary>
internal sealed unsafe class IoUring : IDisposable
{
    private readonly uint _features;
    private readonly byte* _rings;
    private readonly nuint _ringsBytes;
    private readonly UringEntry* _entries;
    private readonly uint _entryCount;
    private readonly uint* _submissionTail;
    private readonly uint _submissionMask;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint* _overflow;
    private readonly uint _completionMask;
    private readonly UringCompletion* _completions;
    private int _descriptor;
    private uint _tail;

    private IoUring(int descriptor, in UringParameters parameters, byte* rings, nuint ringsBytes, UringEntry* entries)
    {
        _descriptor = descriptor;
        _features = parameters.Features;
        _rings = rings;
        _ringsBytes = ringsBytes;
        _entries = entries;
        _entryCount = parameters.EntryCount;
        _submissionTail = (uint*)(rings + parameters.SubmissionTail);
        _submissionMask = *(uint*)(rings + parameters.SubmissionMask);
        _completionHead = (uint*)(rings + parameters.CompletionHead);
        _completionTail = (uint*)(rings + parameters.CompletionTail);
        _overflow = (uint*)(rings + parameters.CompletionOverflow);
        _completionMask = *(uint*)(rings + parameters.CompletionMask);
        _completions = (UringCompletion*)(rings + parameters.Completions);
        // Entry n stands always at place n of the indirection.
        var places = (uint*)(rings + parameters.SubmissionArray);
        for (var i = 0u; i < _entryCount; i++) places[i] = i;
    }

    /// <summary>True when <see cref="Wait"/> can gather completions for a time (Linux 6.12).</summary>
    public bool CanGather => (_features & UringCall.FeatureMinWait) != 0;

    /// <summary>Orders written and not submitted yet.</summary>
    public int PendingCount { get; private set; }

    /// <summary>Completions taken since start.</summary>
    public long Taken { get; private set; }

    /// <summary>Completions that wait to be taken.</summary>
    public int WaitingCount => (int)(Volatile.Read(ref *_completionTail) - *_completionHead);

    /// <summary>Completions that the kernel had to drop for lack of memory; 0 unless a bound is wrong.</summary>
    public uint Overflows => Volatile.Read(ref *_overflow);

    /// <summary>Makes a ring that is not enabled yet.</summary>
    /// <param name="entries">Orders that may be pending; a power of two.</param>
    /// <param name="completions">Completions that may wait; a power of two. No more may ever be due at once.</param>
    /// <param name="ring">The ring; null with an error.</param>
    /// <returns>0, or a negated errno: -1 and -38 where it is forbidden or too old.</returns>
    public static int TryOpen(int entries, int completions, out IoUring? ring)
    {
        ring = null;
        var parameters = new UringParameters
        {
            CompletionCount = (uint)completions,
            Flags = UringCall.SetupCompletionSize | UringCall.SetupDisabled | UringCall.SetupSubmitAll
                | UringCall.SetupSingleIssuer | UringCall.SetupDeferTaskRun,
        };
        var descriptor = UringCall.Setup((uint)entries, &parameters);
        if (descriptor < 0) return descriptor;
        const uint wanted = UringCall.FeatureSingleMap | UringCall.FeatureExtendedArgument;
        var hasAll = (parameters.Features & wanted) == wanted;
        if (hasAll && TryMap(descriptor, parameters, out ring)) return 0;
        _ = LibC.Close(descriptor);
        return -LibC.NotImplemented;
    }

    /// <summary>The calling thread owns the ring from now on. 0, or a negated errno.</summary>
    public int Enable() => UringCall.Register(_descriptor, UringCall.RegisterEnable, null, 0);

    /// <summary>
    /// Lets orders name files by their place here, which spares the kernel a look-up each. 0, or a negated errno.
    /// </summary>
    public int RegisterFiles(ReadOnlySpan<int> descriptors)
    {
        fixed (int* first = descriptors)
            return UringCall.Register(_descriptor, UringCall.RegisterFiles, first, (uint)descriptors.Length);
    }

    /// <summary>Lets go of the files; by the owner.</summary>
    public void UnregisterFiles() => _ = UringCall.Register(_descriptor, UringCall.UnregisterFiles, null, 0);

    /// <summary>Lends a ring of buffers to the kernel; see <see cref="UringBuffers"/>. 0, or a negated errno.</summary>
    public int RegisterBuffers(void* ring, int count, ushort group)
    {
        // struct io_uring_buf_reg { u64 ring_addr; u32 ring_entries; u16 bgid; u16 flags; u64 resv[3]; }
        var block = stackalloc ulong[5];
        block[0] = (ulong)ring;
        block[1] = (uint)count | ((ulong)group << 32);
        (block[2], block[3], block[4]) = (0, 0, 0);
        return UringCall.Register(_descriptor, UringCall.RegisterBufferRing, block, 1);
    }

    /// <summary>The next order, empty, to be filled in now; null when all are pending: submit first.</summary>
    /// <param name="place">Where it stands; it can be read there until the ring has gone round.</param>
    public UringEntry* TryTakeEntry(out uint place)
    {
        place = _tail & _submissionMask;
        if ((uint)PendingCount == _entryCount) return null;
        var entry = _entries + place;
        *entry = default;
        _tail++;
        PendingCount++;
        return entry;
    }

    /// <summary>The order that was written at a place last.</summary>
    public UringEntry* EntryAt(uint place) => _entries + (place & _submissionMask);

    /// <summary>Hands pending orders to the kernel and waits for nothing.</summary>
    public void Submit() => Enter(0, 0, null, 0);

    /// <summary>
    /// Hands pending orders to the kernel and waits for completions, or takes those that are there when the time is 0.
    /// </summary>
    /// <param name="timeoutUs">How long at most.</param>
    /// <param name="gatherCount">So many end the wait at once; 1 unless <see cref="CanGather"/>.</param>
    /// <param name="gatherUs">After so long any completion ends it.</param>
    public void Wait(long timeoutUs, int gatherCount = 1, int gatherUs = 0)
    {
        if (timeoutUs <= 0)
        {
            Enter(0, UringCall.EnterGetEvents, null, 0);
            return;
        }
        var timeout = TimeSpec.OfMicroseconds(timeoutUs);
        var wait = new UringWait { Timeout = &timeout, MinWaitUs = (uint)gatherUs };
        Enter((uint)gatherCount, UringCall.EnterGetEvents | UringCall.EnterExtendedArgument, &wait,
            (nuint)sizeof(UringWait));
    }

    /// <summary>Takes the next completion; false when none waits.</summary>
    public bool TryTake(out UringCompletion completion)
    {
        var head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail))
        {
            completion = default;
            return false;
        }
        completion = _completions[head & _completionMask];
        Volatile.Write(ref *_completionHead, head + 1);
        Taken++;
        return true;
    }

    /// <summary>Whose a completion is that comes after so many others; false when so many do not wait.</summary>
    public bool TryPeek(int after, out ulong data)
    {
        data = 0;
        if (WaitingCount <= after) return false;
        data = _completions[(*_completionHead + (uint)after) & _completionMask].Data;
        return true;
    }

    public void Dispose()
    {
        if (_descriptor < 0) return;
        _ = UringCall.UnmapMemory(_entries, EntryBytes(_entryCount));
        _ = UringCall.UnmapMemory(_rings, _ringsBytes);
        _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    // A signal, a time-out and full rings need no care: what was not submitted stays pending for the next call.
    private void Enter(uint completionsMin, uint flags, void* argument, nuint bytes)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        var submitted = UringCall.Enter(_descriptor, (uint)PendingCount, completionsMin, flags, argument, bytes);
        if (submitted > 0) PendingCount -= submitted;
    }

    private static bool TryMap(int descriptor, in UringParameters parameters, out IoUring? ring)
    {
        const int protection = UringCall.ProtectionReadWrite;
        const int flags = UringCall.MapShared | UringCall.MapPopulate;
        ring = null;
        var ringsBytes = Math.Max(
            parameters.SubmissionArray + (parameters.EntryCount * sizeof(uint)),
            parameters.Completions + (parameters.CompletionCount * (uint)sizeof(UringCompletion)));
        var rings = UringCall.MapMemory(null, ringsBytes, protection, flags, descriptor, UringCall.OffsetRings);
        if ((nint)rings == -1) return false;
        var entryBytes = EntryBytes(parameters.EntryCount);
        var entries = UringCall.MapMemory(null, entryBytes, protection, flags, descriptor, UringCall.OffsetEntries);
        if ((nint)entries == -1)
        {
            _ = UringCall.UnmapMemory(rings, ringsBytes);
            return false;
        }
        ring = new IoUring(descriptor, parameters, (byte*)rings, ringsBytes, (UringEntry*)entries);
        return true;
    }

    private static nuint EntryBytes(uint count) => count * (nuint)sizeof(UringEntry);
}
