using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Registration;

/// <summary>
/// Keeps the trunks of this worker's share registered (RFC 3261 section 10.2): registers, refreshes at four fifths of
/// the time granted, backs off when refused, and takes the bindings back at the end. One per worker, its thread only;
/// with many workers each trunk has one owner.
/// </summary>
internal sealed class RegistrationClient(CallEngine engine)
{
    private readonly List<TrunkRegistration> _all = [];
    private TrunkTable? _seen;
    private RegistrationState[] _states = [];
    private long _dueMs = long.MaxValue;
    private int _lastSerial;
    private bool _isLeaving;

    /// <summary>One for each trunk this worker registers with; any thread may read it.</summary>
    public RegistrationState[] States => Volatile.Read(ref _states);

    /// <summary>True when no binding is held any more and nothing is under way; any thread may ask.</summary>
    public bool IsEmpty => States.Length == 0;

    /// <summary>Looks at the trunks in force and sends what is due.</summary>
    public void Advance(in ReceivedAt at)
    {
        var trunks = engine.Routes.Trunks;
        if (!ReferenceEquals(trunks, _seen)) Reconcile(trunks, at);
        if (at.NowMs < _dueMs) return;
        foreach (var one in _all)
        {
            if (at.NowMs >= one.ExpiresMs) one.State.IsRegistered = false;
            if (one.Pending.IsNone && at.NowMs >= one.DueMs) Send(one, at);
        }
        Retire();
        FindDue();
    }

    /// <summary>Takes all bindings back; no trunk is registered with any more.</summary>
    public void Leave(in ReceivedAt at)
    {
        _isLeaving = true;
        foreach (var one in _all) StartLeaving(one, at);
        FindDue();
        Advance(at);
    }

    public void OnResponse(int serial, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode < 200 || Find(serial) is not { } one) return;
        one.Pending = default;
        one.CSeq = Math.Max(one.CSeq, response.CSeqNumber);
        if (one.IsLeaving) one.State.IsRegistered = false;
        else if (response.StatusCode < 300) RegistrationOutcome.Succeed(engine, one, response, at);
        else RegistrationOutcome.Fail(engine, one, response, at);
        Retire();
        FindDue();
    }

    /// <summary>A REGISTER was not answered, or could not be sent.</summary>
    public void OnTimeout(TransactionHandle tx, in ReceivedAt at)
    {
        foreach (var one in _all)
        {
            if (one.Pending != tx) continue;
            one.Pending = default;
            if (one.IsLeaving) one.State.IsRegistered = false;
            else RegistrationOutcome.Fail(engine, one, null, at);
        }
        Retire();
        FindDue();
    }

    /// <summary>The REGISTER goes on under another transaction: it was challenged.</summary>
    public void Replace(TransactionHandle old, TransactionHandle now)
    {
        foreach (var one in _all)
        {
            if (one.Pending == old) one.Pending = now;
        }
    }

    /// <summary>Whose REGISTER a transaction is; null when it is none of ours.</summary>
    public Trunk? TrunkOf(TransactionHandle tx)
    {
        foreach (var one in _all)
        {
            if (one.Pending == tx) return one.Trunk;
        }
        return null;
    }

    /// <summary>
    /// Sends it: with the time wanted, or 0 to take the binding back. What cannot be sent counts as failed.
    /// </summary>
    private void Send(TrunkRegistration one, in ReceivedAt at)
    {
        one.CSeq++;
        one.DueMs = long.MaxValue;
        var expiresSec = one.IsLeaving ? 0 : Math.Max(one.Trunk.RegisterExpiresSec, one.ExpiresSecMin);
        var flow = RegisterRequest.FlowTo(one.Trunk);
        var request = RegisterRequest.Write(engine, one, flow, expiresSec);
        var user = new CallRef(one.Serial, 0, (byte)TransactionRole.Detached).ToUser();
        if (!request.IsEmpty)
            one.Pending = engine.Sip.StartRequest(request, SipMethod.Register, flow, user, at.NowMs);
        if (!one.Pending.IsNone) return;
        if (one.IsLeaving) one.State.IsRegistered = false;
        else RegistrationOutcome.Fail(engine, one, null, at);
    }

    // The trunks changed: new ones are registered with, those gone or changed have their bindings taken back.
    private void Reconcile(TrunkTable trunks, in ReceivedAt at)
    {
        _seen = trunks;
        foreach (var one in _all)
        {
            var now = trunks.FindById(one.Trunk.Id);
            if (now is not null && IsSame(one.Trunk, now)) one.Trunk = now;
            else StartLeaving(one, at);
        }
        foreach (var trunk in trunks.All)
        {
            if (IsMine(trunk) && !_isLeaving && !Has(trunk)) Add(trunk, at);
        }
        FindDue();
    }

    private void Add(Trunk trunk, in ReceivedAt at)
    {
        Span<byte> callId = stackalloc byte[SipTokens.CallIdLength];
        Span<byte> tag = stackalloc byte[SipTokens.TagLength];
        _lastSerial = (_lastSerial % 0xffff) + 1;
        _all.Add(new TrunkRegistration
        {
            Serial = _lastSerial,
            Trunk = trunk,
            State = new RegistrationState(trunk.Id),
            CallId = engine.Tokens.WriteCallId(callId).ToArray(),
            Tag = engine.Tokens.WriteTag(tag).ToArray(),
            // Many trunks with one carrier do not all come in the same moment.
            DueMs = at.NowMs + ((_all.Count % 50) * 20L),
        });
        PublishStates();
    }

    private static void StartLeaving(TrunkRegistration one, in ReceivedAt at)
    {
        if (one.IsLeaving) return;
        one.IsLeaving = true;
        // Waits for a REGISTER in progress: two at once are not allowed (RFC 3261 section 10.2).
        one.DueMs = one.State.IsRegistered || !one.Pending.IsNone ? at.NowMs : long.MaxValue;
    }

    // What has left is forgotten.
    private void Retire()
    {
        var count = _all.Count;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            var one = _all[i];
            if (one.IsLeaving && one.Pending.IsNone && one.DueMs == long.MaxValue) _all.RemoveAt(i);
        }
        if (_all.Count != count) PublishStates();
    }

    private void FindDue()
    {
        _dueMs = long.MaxValue;
        foreach (var one in _all)
        {
            if (one.Pending.IsNone) _dueMs = Math.Min(_dueMs, one.DueMs);
            if (one.State.IsRegistered) _dueMs = Math.Min(_dueMs, one.ExpiresMs);
            // One that is over at once is retired in the next turn.
            if (one.IsLeaving && one.Pending.IsNone && one.DueMs == long.MaxValue) _dueMs = 0;
        }
    }

    private void PublishStates()
    {
        var states = new RegistrationState[_all.Count];
        for (var i = 0; i < states.Length; i++) states[i] = _all[i].State;
        Volatile.Write(ref _states, states);
    }

    private bool IsMine(Trunk trunk)
    {
        if (!trunk.Register || trunk.Credentials is null) return false;
        uint hash = 2166136261;
        foreach (var c in trunk.Id) hash = (hash ^ c) * 16777619;
        return (int)((hash ^ (hash >> 15)) % (uint)engine.Access.Shared.WorkerCount) == engine.Worker;
    }

    private bool Has(Trunk trunk)
    {
        foreach (var one in _all)
        {
            if (one.Trunk.Id == trunk.Id && !one.IsLeaving) return true;
        }
        return false;
    }

    private TrunkRegistration? Find(int serial)
    {
        foreach (var one in _all)
        {
            if (one.Serial == serial) return one;
        }
        return null;
    }

    private static bool IsSame(Trunk old, Trunk now) => now.Register && now.Credentials is { } credentials
        && old.Address == now.Address && old.Transport == now.Transport
        && old.Credentials!.Username.AsSpan().SequenceEqual(credentials.Username)
        && old.Credentials.Secret.AsSpan().SequenceEqual(credentials.Secret)
        && old.UriHost.AsSpan().SequenceEqual(now.UriHost);
}
