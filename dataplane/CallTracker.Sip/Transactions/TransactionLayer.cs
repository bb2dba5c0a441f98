using CallTracker.Core.Time;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The transaction layer of one worker (RFC 3261 section 17, RFC 6026): matches what arrives, absorbs and makes
/// retransmissions, keeps ended transactions as small records. Sends through <typeparamref name="TTransport"/>, tells
/// <typeparamref name="TUser"/>; opens no socket and reads no clock. Owned by one worker thread.
/// </summary>
public sealed class TransactionLayer<TUser, TTransport>
    where TUser : struct, ITransactionUser
    where TTransport : struct, ISipTransport
{
    private readonly TransactionTables _tables;
    private readonly TransactionRunner<TUser, TTransport> _runner;
    private readonly ServerTransactions<TUser, TTransport> _server;
    private readonly ClientTransactions<TUser, TTransport> _client;

    /// <param name="user">The layer above; also reached by <see cref="User"/>.</param>
    /// <param name="transport">The way out; also reached by <see cref="Transport"/>.</param>
    /// <param name="settings">Timers and bounds.</param>
    /// <param name="workerNumber">Goes into the tags that the layer makes itself.</param>
    /// <param name="seed">From a cryptographic source.</param>
    /// <param name="nowMs">Monotonic time of the start.</param>
    public TransactionLayer(
        TUser user, TTransport transport, TransactionSettings settings, byte workerNumber, ulong seed, long nowMs)
    {
        _tables = new TransactionTables(settings, seed, nowMs);
        _runner = new TransactionRunner<TUser, TTransport>(user, transport, settings, _tables)
        {
            At = new ReceivedAt(nowMs, nowMs),
        };
        _server = new ServerTransactions<TUser, TTransport>(_runner, new SipTokens(workerNumber, ~seed));
        _client = new ClientTransactions<TUser, TTransport>(_runner);
    }

    public ref TUser User => ref _runner.User;

    public ref TTransport Transport => ref _runner.Transport;

    /// <summary>Counts and gauges as of now.</summary>
    public TransactionCounters Counters
    {
        get
        {
            var counters = _tables.Counters;
            counters.Lingering = _tables.Lingering.Count;
            counters.BufferBytesUsed = _tables.Store.BytesUsed;
            return counters;
        }
    }

    /// <summary>Timers that will still fire; 0 when nothing is active.</summary>
    internal int PendingTimers => _tables.Wheel.Count;

    /// <summary>Transport failures that wait to be told.</summary>
    internal int QueuedFailures => _tables.FailedCount;

    // :: Step 3 match or open a transaction
    /// <summary>
    /// Takes what the parser made of a datagram. A request that it refused is answered here where it can be, a refused
    /// response is counted and dropped.
    /// </summary>
    public void Receive(SipMessage message, in SipFlow flow, in ReceivedAt at)
    {
        _runner.At = at;
        if (message.Result != SipParseResult.Ok) _server.ReceiveMalformed(message, flow);
        else if (!message.IsRequest) _client.ReceiveResponse(message, flow);
        else if (message.Method == SipMethod.Ack) _server.ReceiveAck(message, flow);
        else _server.ReceiveRequest(message, flow);
    }

    /// <summary>
    /// True when an INVITE with this top Via has a transaction here, active or ended: it is a repetition, not a new
    /// one. For those who decide about an INVITE before it is parsed.
    /// </summary>
    public bool KnowsInvite(in SipViaView via)
    {
        var key = _tables.Keys.OfInvite(via);
        return _tables.Slab.Find(key) >= 0 || _tables.Lingering.Find(key) >= 0;
    }

    /// <summary>True when an INVITE, or the one that a CANCEL or ACK follows, has a transaction here, active or ended.
    /// </summary>
    public bool KnowsInvite(SipMessage request)
    {
        var key = _tables.Keys.OfServer(request, SipMethod.Invite);
        return _tables.Slab.Find(key) >= 0 || _tables.Lingering.Find(key) >= 0;
    }

    /// <summary>Remembers a number of the user's with a transaction; false when it is over.</summary>
    public bool SetUser(TransactionHandle tx, int user)
    {
        var index = _tables.Slab.Find(tx);
        if (index >= 0) _tables.Slab[index].User = user;
        return index >= 0;
    }

    /// <summary>
    /// Sends a response and keeps it for retransmission; a 2xx to INVITE is repeated until <see cref="ConfirmAck"/>.
    /// False when the transaction is over or the bytes are no response.
    /// </summary>
    public bool Respond(TransactionHandle tx, ReadOnlySpan<byte> response, long nowMs)
    {
        SetNow(nowMs);
        var index = _tables.Slab.Find(tx);
        var code = MessageLines.StatusCodeOf(response);
        if (index < 0 || code == 0 || !IsServer(_tables.Slab[index].Kind)) return false;
        return _runner.Run(index, TransactionMachines.InputOf(code), response, message: null);
    }

    /// <summary>Answers 100, which stops the client's retransmissions (RFC 3261 section 17.2.1).</summary>
    public bool RespondTrying(TransactionHandle tx, SipMessage request, in SipFlow flow, long nowMs)
    {
        var writer = new SipWriter(_runner.Scratch);
        writer.WriteRefusal(request, 100, default, flow.Remote);
        return Respond(tx, writer.Written, nowMs);
    }

    /// <summary>The ACK to the 2xx of this INVITE came: no more repetitions. False when nothing waits for it.</summary>
    public bool ConfirmAck(TransactionHandle tx)
    {
        var index = _tables.Slab.Find(tx);
        if (index < 0) return false;
        ref readonly var found = ref _tables.Slab[index];
        if (found.Kind != TransactionKind.InviteServer || found.State != TransactionState.Accepted) return false;
        _tables.Linger(index, LingerTime.GiveUp, _runner.At.NowMs, default);
        return true;
    }

    /// <summary>
    /// Sends a request in a client transaction, which is found again by the branch in the bytes. The default handle
    /// when the layer is at its bound or the bytes have no branch.
    /// </summary>
    public TransactionHandle StartRequest(
        ReadOnlySpan<byte> request, SipMethod method, in SipFlow flow, int user, long nowMs,
        DigestTries tries = DigestTries.None)
    {
        SetNow(nowMs);
        return _runner.StartClient(request, method, flow, user, ChallengedRequest.FlagsOf(tries));
    }

    /// <summary>
    /// The request that a 401 or 407 answers, while that response is being told; null at any other time.
    /// </summary>
    public ChallengedRequest? FindChallenged(TransactionHandle tx) =>
        _runner.Challenged.Tx == tx && !tx.IsNone ? _runner.Challenged : null;

    /// <summary>The bytes of an INVITE of ours until its 2xx is acknowledged; empty when they are gone.</summary>
    public ReadOnlySpan<byte> InviteOf(TransactionHandle inviteClientTx)
    {
        var index = _tables.Slab.Find(inviteClientTx);
        var isInvite = index >= 0 && _tables.Slab[index].Kind == TransactionKind.InviteClient;
        return isInvite ? _tables.Store.Read(_tables.Slab[index].Kept) : default;
    }

    /// <summary>Sends the ACK to a 2xx to where the INVITE went; see the overload.</summary>
    public bool SendAck(TransactionHandle inviteClientTx, ReadOnlySpan<byte> ack) =>
        _client.SendAck(inviteClientTx, ack);

    /// <summary>
    /// Sends the ACK to a 2xx and keeps it: the layer sends it again for each 2xx that comes again with the same To
    /// tag. For a forked 2xx it is only sent; that 2xx comes to the user again when it is repeated.
    /// </summary>
    public bool SendAck(TransactionHandle inviteClientTx, ReadOnlySpan<byte> ack, in SipFlow flow) =>
        _client.SendAck(inviteClientTx, ack, flow);

    /// <summary>
    /// Cancels an INVITE: the CANCEL goes out now or after the first provisional response. The INVITE still ends by
    /// OnResponse (487 or whatever comes) or OnTimeout. False when it has its final response.
    /// </summary>
    public bool StartCancel(TransactionHandle inviteClientTx, long nowMs) =>
        StartCancel(inviteClientTx, default, nowMs);

    /// <summary>
    /// Cancels an INVITE with a Reason value (RFC 3326); a CANCEL that has to wait for the first provisional response
    /// goes out without it.
    /// </summary>
    public bool StartCancel(TransactionHandle inviteClientTx, ReadOnlySpan<byte> reason, long nowMs)
    {
        SetNow(nowMs);
        return _client.StartCancel(inviteClientTx, reason);
    }

    /// <summary>
    /// The transport took a message and found out later that it cannot deliver it. A request that waits for its first
    /// response takes another way or fails (told from Advance); what else it may be is repaired by repetition.
    /// </summary>
    public void OnSendFailed(ReadOnlySpan<byte> message, long nowMs)
    {
        SetNow(nowMs);
        _client.OnSendFailed(message);
    }

    /// <summary>Fires what is due; wall-clock time follows from the last message.</summary>
    public void Advance(long nowMs) => Advance(AtOf(nowMs));

    /// <summary>Fires what is due.</summary>
    /// <param name="at">Now.</param>
    /// <param name="unreadMs">
    /// For how long messages may have waited unread: what fell due since then may be stopped by one of them, and holds.
    /// </param>
    public void Advance(in ReceivedAt at, int unreadMs = 0)
    {
        _runner.At = at;
        _runner.TellFailures();
        var sink = new TransactionTimerSink<TUser, TTransport>(_runner);
        _tables.Wheel.Advance(at.NowMs - unreadMs, ref sink);
        _tables.Lingering.Advance(at.NowMs);
    }

    /// <summary>Milliseconds until <see cref="Advance(long)"/> may have something to do, or -1.</summary>
    public int NextDelayMs(long nowMs)
    {
        if (_tables.FailedCount > 0) return 0;
        var wheelMs = _tables.Wheel.NextDelayMs(nowMs);
        var lingerMs = _tables.Lingering.NextDelayMs(nowMs);
        if (wheelMs < 0 || lingerMs < 0) return Math.Max(wheelMs, lingerMs);
        return Math.Min(wheelMs, lingerMs);
    }

    private static bool IsServer(TransactionKind kind) =>
        kind is TransactionKind.InviteServer or TransactionKind.NonInviteServer;

    private void SetNow(long nowMs) => _runner.At = AtOf(nowMs);

    private ReceivedAt AtOf(long nowMs) => new(nowMs, _runner.At.UnixMs + nowMs - _runner.At.NowMs);
}
