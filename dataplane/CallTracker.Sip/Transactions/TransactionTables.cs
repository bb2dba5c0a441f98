using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The memory of a <see cref="TransactionLayer{TUser,TTransport}"/>: active and lingering transactions, kept messages,
/// timers, counters. Knows nothing of the user. Owned by one worker thread.
/// </summary>
internal sealed class TransactionTables
{
    public const ushort RetransmitTimerKind = 1;
    public const ushort GiveUpTimerKind = 2;
    public const ushort LingerTimerKind = 3;
    private const int TimersPerTransaction = 2;
    private readonly TransactionSettings _settings;
    private TransactionHandle[] _failed = new TransactionHandle[16];

    public TransactionTables(TransactionSettings settings, ulong seed, long nowMs)
    {
        _settings = settings;
        Slab = new TransactionSlab(settings.ActiveMax);
        Store = new MessageStore(settings.BufferBytesMax);
        Lingering = new LingeringTable(settings.LingeringMax, Store, nowMs);
        Keys = new TransactionKeys(seed);
        var timerMax = (settings.ActiveMax * TimersPerTransaction) + 1;
        Wheel = new TimerWheel(nowMs, Math.Min(512, timerMax), timerMax);
    }

    public TransactionSlab Slab { get; }

    public LingeringTable Lingering { get; }

    public MessageStore Store { get; }

    public TransactionKeys Keys { get; }

    public TimerWheel Wheel { get; }

    public TransactionCounters Counters;

    /// <summary>Transport failures that wait to be told.</summary>
    public int FailedCount { get; private set; }

    /// <summary>A new transaction in its first state, or -1 at the bound.</summary>
    public int Open(ulong key, TransactionKind kind, SipMethod method, in SipFlow flow)
    {
        var index = Slab.Open(key, kind);
        if (index < 0) return -1;
        ref var tx = ref Slab[index];
        tx.State = kind switch
        {
            TransactionKind.InviteClient => TransactionState.Calling,
            TransactionKind.InviteServer => TransactionState.Proceeding,
            _ => TransactionState.Trying,
        };
        tx.Method = method;
        tx.Flow = flow;
        CountActive(kind, 1);
        return index;
    }

    public void Close(int index)
    {
        ref var tx = ref Slab[index];
        Wheel.Cancel(ref tx.RetransmitTimer);
        Wheel.Cancel(ref tx.LifeTimer);
        Store.Forget(tx.Kept);
        CountActive(tx.Kind, -1);
        Slab.Close(index);
    }

    /// <summary>Closes a transaction and leaves a small record that answers repetitions with what is kept.</summary>
    public void Linger(int index, LingerTime time, long nowMs, ReadOnlySpan<byte> keep)
    {
        ref var tx = ref Slab[index];
        var ended = new LingeringTransaction { Key = tx.Key, User = tx.User, Kind = tx.Kind, State = tx.State };
        Close(index);
        if (!keep.IsEmpty)
        {
            ended.Kept = Store.Keep(keep);
            if (ended.Kept == 0) Counters.NotKept++;
        }
        if (Lingering.Add(ended, time, nowMs, LingerMs(time))) Counters.ForgottenEarly++;
    }

    /// <summary>Keeps the message of a transaction for retransmission, in place of the one before.</summary>
    public void Keep(ref Transaction tx, ReadOnlySpan<byte> message)
    {
        tx.Kept = Store.Replace(tx.Kept, message);
        if (tx.Kept == 0) Counters.NotKept++;
    }

    /// <summary>Does what a step wants of the timers.</summary>
    public void SetTimers(int index, TransactionActions actions, long nowMs)
    {
        ref var tx = ref Slab[index];
        if (actions.Has(TransactionActions.StopRetransmit)) Wheel.Cancel(ref tx.RetransmitTimer);
        if (actions.Has(TransactionActions.StopGiveUp)) Wheel.Cancel(ref tx.LifeTimer);
        if (actions.Has(TransactionActions.StartRetransmit)) StartRetransmit(index, nowMs);
        if (actions.Has(TransactionActions.StartGiveUp)) StartLife(index, GiveUpTimerKind, nowMs);
        if (actions.Has(TransactionActions.DoubleInterval)) Retransmit(index, tx.IntervalMs * 2, nowMs);
        if (actions.Has(TransactionActions.DoubleIntervalToT2))
            Retransmit(index, Math.Min(tx.IntervalMs * 2, _settings.T2Ms), nowMs);
        if (actions.Has(TransactionActions.IntervalT2)) Retransmit(index, _settings.T2Ms, nowMs);
    }

    /// <summary>
    /// Timers A, E and G start with T1, over unreliable transports alone; the 2xx over all (settings).
    /// </summary>
    public void StartRetransmit(int index, long nowMs)
    {
        ref var tx = ref Slab[index];
        var isEndToEnd = tx.State == TransactionState.Accepted && _settings.Retransmit2xxOverReliable;
        if (!tx.Flow.IsReliable || isEndToEnd) Retransmit(index, _settings.T1Ms, nowMs);
    }

    /// <summary>Timers B, F, H, L and M, and the wait after a CANCEL: 64*T1.</summary>
    public void StartLife(int index, ushort timerKind, long nowMs)
    {
        ref var tx = ref Slab[index];
        Wheel.Cancel(ref tx.LifeTimer);
        tx.LifeTimer = Wheel.Schedule(nowMs, _settings.GiveUpMs, timerKind, index);
    }

    /// <summary>Queues a transport failure for the user; once per transaction.</summary>
    public void QueueFailure(int index)
    {
        Counters.TransportFailures++;
        ref var tx = ref Slab[index];
        if (tx.Flags.Has(TransactionFlags.FailureQueued)) return;
        tx.Flags |= TransactionFlags.FailureQueued;
        if (FailedCount == _failed.Length) MakeRoomForFailure();
        _failed[FailedCount++] = Slab.HandleOf(index);
    }

    /// <summary>The slot of a queued failure, or -1 when its transaction is gone.</summary>
    public int TakeFailure()
    {
        var index = Slab.Find(_failed[--FailedCount]);
        if (index >= 0) Slab[index].Flags &= ~TransactionFlags.FailureQueued;
        return index;
    }

    // Entries of closed transactions go first: what is left is at most one per active transaction.
    private void MakeRoomForFailure()
    {
        var kept = 0;
        for (var i = 0; i < FailedCount; i++)
        {
            if (Slab.Find(_failed[i]) >= 0) _failed[kept++] = _failed[i];
        }
        FailedCount = kept;
        if (kept * 2 > _failed.Length) Array.Resize(ref _failed, _failed.Length * 2);
    }

    private void Retransmit(int index, int intervalMs, long nowMs)
    {
        ref var tx = ref Slab[index];
        Wheel.Cancel(ref tx.RetransmitTimer);
        tx.IntervalMs = intervalMs;
        tx.RetransmitTimer = Wheel.Schedule(nowMs, intervalMs, RetransmitTimerKind, index);
    }

    private int LingerMs(LingerTime time) => time switch
    {
        LingerTime.T4 => _settings.T4Ms,
        LingerTime.GiveUp => _settings.GiveUpMs,
        _ => _settings.TimerDMs,
    };

    private void CountActive(TransactionKind kind, int change)
    {
        switch (kind)
        {
            case TransactionKind.InviteClient: Counters.InviteClientActive += change; break;
            case TransactionKind.NonInviteClient: Counters.NonInviteClientActive += change; break;
            case TransactionKind.InviteServer: Counters.InviteServerActive += change; break;
            default: Counters.NonInviteServerActive += change; break;
        }
    }
}
