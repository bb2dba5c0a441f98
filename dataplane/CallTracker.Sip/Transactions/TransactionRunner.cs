using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Runs the machines of a <see cref="TransactionLayer{TUser,TTransport}"/>: one arrow at a time, looked up in its
/// table, done, told. Shared by both halves of the layer. Owned by one worker thread.
/// </summary>
internal sealed class TransactionRunner<TUser, TTransport>(
    TUser user, TTransport transport, TransactionSettings settings, TransactionTables tables)
    where TUser : struct, ITransactionUser
    where TTransport : struct, ISipTransport
{
    private readonly SipMessage _kept = new();
    private readonly byte[] _shrunk = new byte[SipMessage.LengthMax];
    private int _shrunkLength;

    public TUser User = user;

    public TTransport Transport = transport;

    /// <summary>The moment of what is being handled.</summary>
    public ReceivedAt At;

    public TransactionSettings Settings { get; } = settings;

    public TransactionTables Tables { get; } = tables;

    /// <summary>The request whose 401 or 407 is being told.</summary>
    public ChallengedRequest Challenged { get; } = new();

    /// <summary>Messages of the layer's own are composed here; void after the next one.</summary>
    public byte[] Scratch { get; } = new byte[SipMessage.LengthMax];

    // One arrow: look it up, do it, tell of it. The user is told last, when the tables are in order.
    public bool Run(int index, TransactionInput input, ReadOnlySpan<byte> given, SipMessage? message)
    {
        ref var tx = ref Tables.Slab[index];
        var told = new ToldTransaction(Tables.Slab.HandleOf(index), tx);
        var step = TransactionMachines.Next(tx.Kind, tx.State, input);
        var actions = step.Actions;
        var isNew = step.Next != tx.State;
        tx.State = step.Next;
        _shrunkLength = 0;
        if (actions.Has(TransactionActions.Send)) SendGiven(index, given);
        if (actions.Has(TransactionActions.SendAgain)) SendKept(index);
        if (actions.Has(TransactionActions.SendAck)) AcknowledgeFailure(index, message!);
        if (isNew && message is { StatusCode: 401 or 407 }) Challenged.Keep(Tables, index);
        Tables.SetTimers(index, actions, At.NowMs);
        if (step.Next == TransactionState.Terminated) Tables.Close(index);
        else if (isNew) Settle(index, given);
        if (input == TransactionInput.Provisional && told.IsCancelHeld) SendCancel(index, default);
        if (!told.IsOwn) Tell(told, actions, input, message);
        return actions != TransactionActions.None;
    }

    public TransactionHandle StartClient(
        ReadOnlySpan<byte> request, SipMethod method, in SipFlow flow, int user, TransactionFlags flags)
    {
        var branch = MessageLines.BranchOf(request);
        var methodText = request[..Math.Max(0, request.IndexOf((byte)' '))];
        var isInvite = method == SipMethod.Invite;
        var kind = isInvite ? TransactionKind.InviteClient : TransactionKind.NonInviteClient;
        var kept = branch.IsEmpty || method == SipMethod.Ack || Tables.Slab.IsFull ? 0 : Tables.Store.Keep(request);
        if (kept == 0)
        {
            Tables.Counters.RefusedAtBound++;
            return default;
        }
        var index = Tables.Open(Tables.Keys.OfClient(branch, method, methodText), kind, method, flow);
        ref var tx = ref Tables.Slab[index];
        tx.Kept = kept;
        tx.User = user;
        tx.Flags = flags;
        Tables.StartLife(index, TransactionTables.GiveUpTimerKind, At.NowMs);
        if (LargeRequests.MustSwitch(flow, request, Settings.UdpRequestBytesMax) && TrySwitch(index))
            return Tables.Slab.HandleOf(index);
        Tables.StartRetransmit(index, At.NowMs);
        if (!Transport.Send(flow, request)) Tables.QueueFailure(index);
        return Tables.Slab.HandleOf(index);
    }

    /// <summary>The connection that a request was to take did not come about, or died before it left.</summary>
    public void OnSendFailed(int index)
    {
        ref var tx = ref Tables.Slab[index];
        if (tx.State is not (TransactionState.Calling or TransactionState.Trying)) return;
        if (!tx.Flags.Has(TransactionFlags.IsSwitched))
        {
            Tables.QueueFailure(index);
            return;
        }
        SwitchBack(index);
        Tables.StartRetransmit(index, At.NowMs);
        if (!Transport.Send(tx.Flow, Tables.Store.Read(tx.Kept))) Tables.QueueFailure(index);
    }

    // What is kept is what is sent: ACK and CANCEL are made from it and must name the same transport.
    private bool TrySwitch(int index)
    {
        ref var tx = ref Tables.Slab[index];
        var (block, offset, length) = Tables.Store.Locate(tx.Kept);
        if (!LargeRequests.TryName(block.AsSpan(offset, length), SipTransportKind.Tcp)) return false;
        tx.Flow = tx.Flow with { Kind = SipTransportKind.Tcp, Connection = 0 };
        tx.Flags |= TransactionFlags.IsSwitched;
        Tables.Counters.SwitchedToTcp++;
        if (Transport.Send(tx.Flow, Tables.Store.Read(tx.Kept))) return true;
        SwitchBack(index);
        return false;
    }

    private void SwitchBack(int index)
    {
        ref var tx = ref Tables.Slab[index];
        var (block, offset, length) = Tables.Store.Locate(tx.Kept);
        LargeRequests.TryName(block.AsSpan(offset, length), SipTransportKind.Udp);
        tx.Flow = tx.Flow with { Kind = SipTransportKind.Udp };
        tx.Flags &= ~TransactionFlags.IsSwitched;
        Tables.Counters.FellBackToUdp++;
    }

    public void SendCancel(int index, ReadOnlySpan<byte> reason)
    {
        ref var tx = ref Tables.Slab[index];
        tx.Flags &= ~TransactionFlags.CancelHeld;
        if (tx.Flags.Has(TransactionFlags.CancelSent) || tx.Kept == 0) return;
        tx.Flags |= TransactionFlags.CancelSent;
        var flow = tx.Flow;
        Tables.StartLife(index, TransactionTables.GiveUpTimerKind, At.NowMs);
        ReadKept(tx.Kept);
        var writer = new SipWriter(Scratch);
        OwnRequests.WriteCancel(ref writer, _kept, reason);
        var started = StartClient(writer.Written, SipMethod.Cancel, flow, 0, TransactionFlags.IsOwn);
        if (started.IsNone) TrySend(flow, writer.Written);
    }

    // What has only to linger leaves the slab; over reliable transports timers D, I, J and K are zero.
    private void Settle(int index, ReadOnlySpan<byte> given)
    {
        ref var tx = ref Tables.Slab[index];
        if (tx is { Kind: TransactionKind.InviteClient, State: TransactionState.Accepted })
        {
            Tables.StartLife(index, TransactionTables.LingerTimerKind, At.NowMs);
            return;
        }
        var isOver = tx.State == TransactionState.Confirmed
            || (tx.State == TransactionState.Completed && tx.Kind != TransactionKind.InviteServer);
        // An answer that could not be sent waits here for its failure to be told; once an ACK shows that it came
        // through there is nothing to tell, and no arrow that would end the wait.
        var isFailing = tx.Kind != TransactionKind.InviteClient && tx.Kind != TransactionKind.NonInviteClient
            && tx.State != TransactionState.Confirmed && tx.Flags.Has(TransactionFlags.FailureQueued);
        if (!isOver || isFailing) return;
        if (tx.Flow.IsReliable)
        {
            Tables.Close(index);
            return;
        }
        if (tx.Kind == TransactionKind.NonInviteServer) _shrunkLength = KeptResponse.Shrink(given, _shrunk);
        var time = tx.Kind switch
        {
            TransactionKind.NonInviteServer => LingerTime.GiveUp,
            TransactionKind.InviteClient => LingerTime.TimerD,
            _ => LingerTime.T4,
        };
        Tables.Linger(index, time, At.NowMs, _shrunk.AsSpan(0, _shrunkLength));
    }

    /// <summary>Tells all queued transport failures.</summary>
    public void TellFailures()
    {
        // Only those queued so far: telling one may queue the next.
        for (var left = Tables.FailedCount; left > 0 && Tables.FailedCount > 0; left--)
        {
            var index = Tables.TakeFailure();
            if (index >= 0) Run(index, TransactionInput.TransportError, default, message: null);
        }
    }

    /// <summary>The same where another way is left: nothing has failed yet.</summary>
    public bool TrySendQuietly(in SipFlow flow, ReadOnlySpan<byte> message) => Transport.Send(flow, message);

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (!message.IsEmpty && Transport.Send(flow, message)) return true;
        Tables.Counters.TransportFailures++;
        return false;
    }

    private void SendGiven(int index, ReadOnlySpan<byte> message)
    {
        ref var tx = ref Tables.Slab[index];
        // A final answer to anything but INVITE is kept shrunk, when it lingers; over reliable transports not at all.
        if (tx.Kind == TransactionKind.InviteServer || tx.State == TransactionState.Proceeding)
            Tables.Keep(ref tx, message);
        if (!Transport.Send(tx.Flow, message)) Tables.QueueFailure(index);
    }

    private void SendKept(int index)
    {
        ref var tx = ref Tables.Slab[index];
        if (tx.Kept == 0) return;
        Tables.Counters.RetransmitsOut++;
        if (!Transport.Send(tx.Flow, Tables.Store.Read(tx.Kept))) Tables.QueueFailure(index);
    }

    // A lost ACK is repaired by the response that comes again, so a transport failure is only counted.
    private void AcknowledgeFailure(int index, SipMessage response)
    {
        ref var tx = ref Tables.Slab[index];
        ReadKept(tx.Kept);
        var writer = new SipWriter(Scratch);
        OwnRequests.WriteAck(ref writer, _kept, response);
        TrySend(tx.Flow, writer.Written);
        if (!tx.Flow.IsReliable) _shrunkLength = KeptAck.Shrink(writer.Written, tx.Flow, 0, _shrunk);
    }

    private void ReadKept(int kept)
    {
        var (block, offset, length) = Tables.Store.Locate(kept);
        _kept.Parse(block, offset, length);
    }

    private void Tell(in ToldTransaction told, TransactionActions actions, TransactionInput input, SipMessage? message)
    {
        if (actions.Has(TransactionActions.TellTimeout))
        {
            Tables.Counters.Timeouts++;
            User.OnTimeout(told.Handle, told.User, At, told.Timeout);
        }
        if (actions.Has(TransactionActions.TellTransportError)) User.OnTransportFailure(told.Handle, told.User, At);
        var isResponse = actions.Has(TransactionActions.Tell) && input != TransactionInput.Ack;
        if (isResponse) User.OnResponse(told.Handle, told.User, message!, At);
    }
}
