using CallTracker.Core.Memory;

namespace CallTracker.Calls.Engine;

/// <summary>
/// Lends transfers to calls; made on first need, at most <see cref="CountMax"/>. Owned by one worker.
/// </summary>
internal sealed class TransferPool
{
    /// <summary>Transfers that may be under way at a time; one more is refused with 503.</summary>
    public const int CountMax = 256;
    private readonly Stack<CallTransfer> _free = [];
    private int _made;

    /// <summary>Transfers under way.</summary>
    public int Lent => _made - _free.Count;

    /// <summary>Null when all are lent.</summary>
    public CallTransfer? TryLend()
    {
        if (_free.TryPop(out var transfer)) return transfer;
        if (_made == CountMax) return null;
        _made++;
        return new CallTransfer();
    }

    /// <summary>Takes a call's transfer back, with its lease and buffers.</summary>
    public void TakeBack(Call call, BufferPool buffers)
    {
        if (call.Transfer is not { } transfer) return;
        call.Transfer = null;
        transfer.Reset(buffers);
        _free.Push(transfer);
    }
}
