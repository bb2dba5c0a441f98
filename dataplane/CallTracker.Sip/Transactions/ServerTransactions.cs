using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The server half of a <see cref="TransactionLayer{TUser,TTransport}"/>: requests that arrive, what is answered
/// without the user, and what is answered again. Owned by one worker thread.
/// </summary>
internal sealed class ServerTransactions<TUser, TTransport>(
    TransactionRunner<TUser, TTransport> runner, SipTokens tokens)
    where TUser : struct, ITransactionUser
    where TTransport : struct, ISipTransport
{
    private readonly TransactionTables _tables = runner.Tables;
    private readonly byte[] _scratch = runner.Scratch;

    public void ReceiveRequest(SipMessage request, in SipFlow flow)
    {
        var key = _tables.Keys.OfServer(request, request.Method);
        var index = _tables.Slab.Find(key);
        if (index >= 0)
        {
            _tables.Counters.RetransmitsIn++;
            runner.Run(index, TransactionInput.RequestAgain, default, request);
            return;
        }
        index = _tables.Lingering.Find(key);
        if (index >= 0) AnswerAgain(index, request, flow);
        else if (request.Method == SipMethod.Cancel) ReceiveCancel(key, request, flow);
        else OpenServer(key, request, flow);
    }

    public void ReceiveAck(SipMessage ack, in SipFlow flow)
    {
        var key = _tables.Keys.OfServer(ack, SipMethod.Invite);
        var index = _tables.Slab.Find(key);
        var isForUser = true;
        if (index >= 0)
        {
            isForUser = _tables.Slab[index].State == TransactionState.Accepted;
            // The ACK to a refusal is hop by hop; that to a 2xx may come another way, and the user knows which.
            if (!isForUser && IsForeign(index, flow)) return;
            if (!isForUser) runner.Run(index, TransactionInput.Ack, default, ack);
        }
        else if ((index = _tables.Lingering.Find(key)) >= 0)
        {
            isForUser = _tables.Lingering[index].State == TransactionState.Accepted;
            _tables.Counters.RetransmitsIn++;
        }
        if (isForUser) runner.User.OnAck(ack, flow, runner.At);
    }

    public void ReceiveMalformed(SipMessage message, in SipFlow flow)
    {
        _tables.Counters.Malformed++;
        if (message.CanAnswer) AnswerStateless(message, flow, Refusals.CodeOf(message.Result));
    }

    private void OpenServer(ulong key, SipMessage request, in SipFlow flow)
    {
        // At the bound running calls come first: their BYE ends what fills the tables.
        var isShort = _tables.Slab.IsNearBound || _tables.Store.IsNearBound;
        var isRefused = isShort && request.ToTag.IsEmpty;
        var kind = request.Method == SipMethod.Invite ? TransactionKind.InviteServer : TransactionKind.NonInviteServer;
        var answerTo = ResponseFlow.Of(request, flow, runner.Settings.AnswerToSource);
        var index = isRefused ? -1 : _tables.Open(key, kind, request.Method, answerTo);
        if (index < 0)
        {
            _tables.Counters.RefusedAtBound++;
            AnswerStateless(request, flow, 503);
            return;
        }
        if (kind == TransactionKind.NonInviteServer)
            _tables.StartLife(index, TransactionTables.GiveUpTimerKind, runner.At.NowMs);
        runner.User.OnRequest(_tables.Slab.HandleOf(index), request, flow, runner.At);
    }

    // The CANCEL is its own transaction and answered at once (RFC 3261 section 9.2).
    private void ReceiveCancel(ulong key, SipMessage cancel, in SipFlow flow)
    {
        var inviteKey = _tables.Keys.OfServer(cancel, SipMethod.Invite);
        var index = _tables.Slab.Find(inviteKey);
        if (index >= 0 && IsForeign(index, flow))
        {
            // Without a transaction: it would take the place of the CANCEL that the right hop may send.
            AnswerStateless(cancel, flow, 481);
            return;
        }
        var isKnown = index >= 0 || _tables.Lingering.Find(inviteKey) >= 0;
        if (!isKnown) _tables.Counters.UnmatchedCancels++;
        // The To tag should be the one the INVITE is answered with; it stands in the last provisional response.
        var keptTag = index < 0 ? default : MessageLines.ToTagOf(_tables.Store.Read(_tables.Slab[index].Kept));
        var writer = new SipWriter(_scratch);
        Span<byte> ownTag = stackalloc byte[SipTokens.TagLength];
        var tag = keptTag.IsEmpty ? tokens.WriteTag(ownTag) : keptTag;
        writer.WriteRefusal(cancel, isKnown ? 200 : 481, tag, flow.Remote);
        AnswerOwn(key, cancel, flow, writer.Written);
        if (index < 0 || _tables.Slab[index].State != TransactionState.Proceeding) return;
        runner.User.OnCancel(_tables.Slab.HandleOf(index), _tables.Slab[index].User, cancel, runner.At);
    }

    // Only the hop that sent an INVITE may cancel or acknowledge it (RFC 3261 section 16.10). The address alone is
    // compared: a peer may use another port for each connection.
    private bool IsForeign(int inviteIndex, in SipFlow flow)
    {
        if (_tables.Slab[inviteIndex].Flow.Remote.SameAddress(flow.Remote)) return false;
        _tables.Counters.ForeignRequests++;
        return true;
    }

    // Opens, answers and ends a server transaction of the layer's own; at the bound it answers without one.
    private void AnswerOwn(ulong key, SipMessage request, in SipFlow flow, ReadOnlySpan<byte> response)
    {
        var answerTo = ResponseFlow.Of(request, flow, runner.Settings.AnswerToSource);
        var index = _tables.Open(key, TransactionKind.NonInviteServer, request.Method, answerTo);
        if (index < 0)
        {
            runner.TrySend(answerTo, response);
            return;
        }
        _tables.Slab[index].Flags |= TransactionFlags.IsOwn;
        runner.Run(index, TransactionMachines.InputOf(MessageLines.StatusCodeOf(response)), response, message: null);
    }

    // A request came again whose transaction has ended.
    private void AnswerAgain(int index, SipMessage request, in SipFlow flow)
    {
        _tables.Counters.RetransmitsIn++;
        ref readonly var ended = ref _tables.Lingering[index];
        var step = TransactionMachines.Next(ended.Kind, ended.State, TransactionInput.RequestAgain);
        if (!step.Actions.Has(TransactionActions.SendAgain) || ended.Kept == 0) return;
        var writer = new SipWriter(_scratch);
        KeptResponse.Write(ref writer, _tables.Store.Read(ended.Kept), request, flow.Remote);
        _tables.Counters.RetransmitsOut++;
        if (!runner.TrySend(ResponseFlow.Of(request, flow, runner.Settings.AnswerToSource), writer.Written))
            _tables.Lingering.Drop(index);
    }

    private void AnswerStateless(SipMessage request, in SipFlow flow, int code)
    {
        // The tag follows from the request, so that a repeated one gets the same (RFC 3261 section 8.2.7).
        Span<byte> tag = stackalloc byte[SipTokens.TagLength];
        var writer = new SipWriter(_scratch);
        var key = _tables.Keys.OfServer(request, request.Method);
        writer.WriteResponse(request, code, default, tokens.WriteTag(tag, key), flow.Remote);
        if (code == 503) writer.Header(SipHeaderKind.RetryAfter, runner.Settings.RetryAfterSec);
        writer.NoBody();
        runner.TrySend(ResponseFlow.Of(request, flow, runner.Settings.AnswerToSource), writer.Written);
    }
}
