using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The client half of a <see cref="TransactionLayer{TUser,TTransport}"/>: responses that arrive, the ACK to a 2xx, the
/// start of a CANCEL. Owned by one worker thread.
/// </summary>
internal sealed class ClientTransactions<TUser, TTransport>(TransactionRunner<TUser, TTransport> runner)
    where TUser : struct, ITransactionUser
    where TTransport : struct, ISipTransport
{
    private readonly TransactionTables _tables = runner.Tables;
    private readonly byte[] _scratch = runner.Scratch;

    public void ReceiveResponse(SipMessage response, in SipFlow flow)
    {
        var via = response.TopVia;
        var key = _tables.Keys.OfClient(via.Branch, response.CSeqMethod, response.CSeqMethodText);
        // A second Via says that the response is meant for somebody else (RFC 3261 section 8.1.3.3).
        var isOurs = via.HasUniqueBranch && response.Count(SipHeaderKind.Via) == 1;
        var index = isOurs ? _tables.Slab.Find(key) : -1;
        if (index >= 0)
        {
            ReceiveResponse(index, response);
            return;
        }
        index = isOurs ? _tables.Lingering.Find(key) : -1;
        if (index >= 0)
        {
            AcknowledgeAgain(index, response);
            return;
        }
        _tables.Counters.StrayResponses++;
        runner.User.OnStrayResponse(response);
    }

    /// <summary>Sends the ACK to a 2xx to where the INVITE went; see the overload.</summary>
    public bool SendAck(TransactionHandle inviteClientTx, ReadOnlySpan<byte> ack)
    {
        var index = _tables.Slab.Find(inviteClientTx);
        if (index >= 0) return SendAck(inviteClientTx, ack, _tables.Slab[index].Flow);
        var kept = KeptOfLingering(inviteClientTx);
        return !kept.IsEmpty && TrySendAck(KeptAck.FlowOf(kept), ack);
    }

    /// <summary>
    /// Sends the ACK to a 2xx and keeps it: the layer sends it again for each 2xx that comes again with the same To
    /// tag. For a forked 2xx it is only sent; that 2xx comes to the user again when it is repeated.
    /// </summary>
    public bool SendAck(TransactionHandle inviteClientTx, ReadOnlySpan<byte> ack, in SipFlow flow)
    {
        var target = flow;
        var index = _tables.Slab.Find(inviteClientTx);
        if (index < 0) return IsLingering(inviteClientTx) && TrySendAck(target, ack);
        ref readonly var tx = ref _tables.Slab[index];
        if (tx.Kind != TransactionKind.InviteClient || tx.State != TransactionState.Accepted) return false;
        var tagHash = _tables.Keys.OfTag(MessageLines.ToTagOf(ack));
        var isFirst = tagHash == tx.ToTagHash;
        if (isFirst)
        {
            var length = KeptAck.Shrink(ack, target, tagHash, _scratch);
            _tables.Linger(index, LingerTime.GiveUp, runner.At.NowMs, _scratch.AsSpan(0, length));
        }
        return TrySendAck(target, ack);
    }

    /// <summary>
    /// Cancels an INVITE: the CANCEL goes out now or after the first provisional response. The INVITE still ends by
    /// OnResponse (487 or whatever comes) or OnTimeout. False when it has its final response.
    /// </summary>
    public bool StartCancel(TransactionHandle inviteClientTx, ReadOnlySpan<byte> reason)
    {
        var index = _tables.Slab.Find(inviteClientTx);
        if (index < 0 || _tables.Slab[index].Kind != TransactionKind.InviteClient) return false;
        ref var tx = ref _tables.Slab[index];
        if (tx.State == TransactionState.Calling) tx.Flags |= TransactionFlags.CancelHeld;
        else if (tx.State == TransactionState.Proceeding) runner.SendCancel(index, reason);
        return tx.State is TransactionState.Calling or TransactionState.Proceeding;
    }

    /// <summary>A request of ours that was handed over could not be delivered after all; others are no concern of ours.
    /// </summary>
    public void OnSendFailed(ReadOnlySpan<byte> message)
    {
        var methodText = message[..Math.Max(0, message.IndexOf((byte)' '))];
        var branch = MessageLines.BranchOf(message);
        if (branch.IsEmpty || MessageLines.StatusCodeOf(message) != 0) return;
        var index = _tables.Slab.Find(_tables.Keys.OfClient(branch, SipMethods.Parse(methodText), methodText));
        if (index >= 0) runner.OnSendFailed(index);
    }

    private void ReceiveResponse(int index, SipMessage response)
    {
        ref var tx = ref _tables.Slab[index];
        var input = TransactionMachines.InputOf(response.StatusCode);
        if (tx.Kind == TransactionKind.InviteClient && input == TransactionInput.Success)
        {
            var tagHash = _tables.Keys.OfTag(response.ToTag);
            if (tx.ToTagHash == tagHash)
            {
                // The user has this 2xx and has not acknowledged it yet.
                _tables.Counters.RetransmitsIn++;
                return;
            }
            if (tx.ToTagHash == 0) tx.ToTagHash = tagHash;
        }
        runner.Run(index, input, default, response);
    }

    // A response came whose client transaction has ended: its ACK was lost, or it is a fork.
    private void AcknowledgeAgain(int index, SipMessage response)
    {
        ref readonly var ended = ref _tables.Lingering[index];
        var input = TransactionMachines.InputOf(response.StatusCode);
        var step = TransactionMachines.Next(ended.Kind, ended.State, input);
        var kept = _tables.Store.Read(ended.Kept);
        var isSuccess = step.Actions.Has(TransactionActions.Tell);
        if (isSuccess && (kept.IsEmpty || KeptAck.ToTagHashOf(kept) != _tables.Keys.OfTag(response.ToTag)))
        {
            runner.User.OnResponse(_tables.Lingering.HandleOf(index), ended.User, response, runner.At);
            return;
        }
        _tables.Counters.RetransmitsIn++;
        var isAckWanted = isSuccess || step.Actions.Has(TransactionActions.SendAck);
        if (!isAckWanted || kept.IsEmpty) return;
        var writer = new SipWriter(_scratch);
        KeptAck.Write(ref writer, kept, response);
        _tables.Counters.RetransmitsOut++;
        if (!TrySendAck(KeptAck.FlowOf(kept), writer.Written)) _tables.Lingering.Drop(index);
    }

    // A large ACK takes TCP where it can, as any request (RFC 3261 section 18.1.1). It is kept as one of UDP: when the
    // connection fails later, the 2xx that is repeated for want of it brings it out again, by then over UDP.
    private bool TrySendAck(in SipFlow flow, ReadOnlySpan<byte> ack)
    {
        var isLarge = LargeRequests.MustSwitch(flow, ack, runner.Settings.UdpRequestBytesMax);
        if (!isLarge || ack.Length > _scratch.Length) return runner.TrySend(flow, ack);
        ack.CopyTo(_scratch);
        var large = _scratch.AsSpan(0, ack.Length);
        if (LargeRequests.TryName(large, SipTransportKind.Tcp))
        {
            _tables.Counters.SwitchedToTcp++;
            if (runner.TrySendQuietly(flow with { Kind = SipTransportKind.Tcp, Connection = 0 }, large)) return true;
            _tables.Counters.FellBackToUdp++;
            LargeRequests.TryName(large, SipTransportKind.Udp);
        }
        return runner.TrySend(flow, large);
    }

    // Also one whose ACK could not be kept: the user acknowledges each repetition itself then.
    private bool IsLingering(TransactionHandle handle) => handle.IsLingering && _tables.Lingering.Find(handle) >= 0;

    private ReadOnlySpan<byte> KeptOfLingering(TransactionHandle handle)
    {
        var index = handle.IsLingering ? _tables.Lingering.Find(handle) : -1;
        return index < 0 ? default : _tables.Store.Read(_tables.Lingering[index].Kept);
    }
}
