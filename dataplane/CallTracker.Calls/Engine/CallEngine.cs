using CallTracker.Calls.Access;
using CallTracker.Calls.Model;
using CallTracker.Calls.Protection;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Trunks;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Linux;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The B2BUA of one worker: its calls, transactions, media and timers, and the way in for datagrams, media, routes and
/// time. One thread owns all of it; it knows no socket, no clock, no Redis and no ClickHouse.
/// </summary>
public sealed class CallEngine : ITimerSink
{
    private readonly Dictionary<PhoneNumber, int> _waiting = [];
    private readonly Stack<EarlyDialogs> _earlyDialogs = [];
    private readonly ulong _earlySeed;
    private ReceivedAt _turn;

    /// <param name="parts">What the node gives each worker.</param>
    /// <param name="now">The time of start.</param>
    public CallEngine(CallEngineParts parts, in ReceivedAt now)
    {
        _turn = now;
        Worker = parts.Worker;
        Settings = parts.Settings;
        Routes = parts.Routes;
        Journal = parts.Journal;
        Trace = new CallTrace(parts.Trace, ~parts.Seed, parts.Settings);
        UntracedSender = parts.Sender;
        Sender = parts.Trace is null ? parts.Sender : new TracedSender(this, parts.Sender);
        TrnIds = new TrnIdSource(parts.NodeStart, parts.Worker);
        Tokens = new SipTokens(parts.Worker, parts.Seed);
        Calls = new CallTable(parts.Settings.CallsMax);
        Buffers = new BufferPool(parts.Settings.BufferBytesMax);
        Timers = new TimerWheel(now.NowMs, 1024, parts.Settings.CallsMax * 4);
        Sip = new TransactionLayer<EngineUser, SenderPort>(
            new EngineUser(this), new SenderPort(Sender), parts.Transactions, parts.Worker, parts.Seed,
            now.NowMs);
        Media = parts.Media;
        Quality = parts.Quality;
        Prompts = parts.Prompts;
        Stir = new StirDesk(parts.Stir, parts.Worker);
        Access = new ServerDigest(parts.Access, parts.Worker);
        Gate = new SourceGate(this);
        Registering = new RegistrationClient(this);
        Picker = new TrunkPicker(this);
        T1Ms = parts.Transactions.T1Ms;
        _earlySeed = ~parts.Seed;
        Prober = new TrunkProber(this, parts.ProbingWorkers);
        Admission = new AdmissionControl(parts.Settings.OverloadTargetMs);
        Shedder = new InviteShedder(parts.Seed);
    }

    /// <summary>True when no new call is taken; running ones go on.</summary>
    public bool IsDraining { get; private set; }

    public int ActiveCalls => Calls.Count;

    /// <summary>True when a quarter of the room for calls, or for their media, is taken.</summary>
    public bool IsFilling => Calls.Count > Calls.Capacity / 4 || Media.OpenSessions > Media.SessionsMax / 4;

    /// <summary>True when a repeated INVITE, or the one that a CANCEL or ACK follows, is this worker's.</summary>
    public bool KnowsInvite(SipMessage request) => Sip.KnowsInvite(request);

    public CallCounters Counters { get; } = new();

    /// <summary>Which share of new calls is taken; told of waits by the worker's loop.</summary>
    public AdmissionControl Admission { get; }

    /// <summary>The time of the present turn of the loop.</summary>
    internal ReceivedAt Turn => _turn;

    /// <summary>Counts of verifications and signatures.</summary>
    public StirCounters StirCounters => Stir.Counters;

    /// <summary>The transaction layer's counts, read by the metrics thread without synchronisation.</summary>
    public TransactionCounters TransactionCounters => Sip.Counters;

    /// <summary>Numbers whose calls wait for a route.</summary>
    internal int WaitingNumbers => _waiting.Count;

    internal InviteShedder Shedder { get; }

    /// <summary>Counts of digest authentication, read by the metrics thread without synchronisation.</summary>
    public AccessCounters AccessCounters => Access.Counters;

    /// <summary>Our registrations with trunks, read by the metrics thread.</summary>
    public RegistrationState[] Registrations => Registering.States;

    internal ServerDigest Access { get; }
    internal SourceGate Gate { get; }
    internal ClientDigest Digest { get; } = new();
    internal RegistrationClient Registering { get; }
    internal byte Worker { get; }
    internal CallSettings Settings { get; }
    internal IRouteSource Routes { get; }
    internal ICallJournal Journal { get; }
    internal ISipSender Sender { get; }
    /// <summary>For refusals under overload, whose requests are not traced either.</summary>
    internal ISipSender UntracedSender { get; }
    internal CallTrace Trace { get; }
    internal TrnIdSource TrnIds { get; }
    internal SipTokens Tokens { get; }
    internal CallTable Calls { get; }
    internal BufferPool Buffers { get; }
    internal TimerWheel Timers { get; }
    internal TransactionLayer<EngineUser, SenderPort> Sip { get; }
    internal MediaRelay Media { get; }
    internal ICallQuality? Quality { get; }
    internal StirDesk Stir { get; }

    /// <summary>Where outgoing messages are written before they are sent.</summary>
    internal byte[] Scratch { get; } = new byte[BufferPool.SizeMax];

    /// <summary>Where outgoing bodies are written.</summary>
    internal byte[] BodyScratch { get; } = new byte[16384];

    /// <summary>For opening stored requests.</summary>
    internal SipMessage StoredView { get; } = new();

    /// <summary>Where SDP with fewer codecs is written.</summary>
    internal byte[] CodecScratch { get; } = new byte[SdpView.BytesMax];

    internal SdpView Sdp { get; } = new();

    /// <summary>SDP that is written once more for a leg with DTLS, or from one.</summary>
    internal SdpView DressedSdp { get; } = new();

    /// <summary>Round-trip estimate, for what the transaction layer does not repeat itself.</summary>
    internal int T1Ms { get; }

    internal ReasonNote Reason { get; } = new();

    internal TransferPool Transfers { get; } = new();

    internal TrunkPicker Picker { get; }

    internal TrunkProber Prober { get; }

    /// <summary>What can be played, by id.</summary>
    internal PromptStore Prompts { get; }

    /// <summary>Where SDP with another direction is written.</summary>
    internal byte[] HoldScratch { get; } = new byte[SdpView.BytesMax];

    /// <summary>For ending answers that nobody wants, and for early dialogs beside a leg's own.</summary>
    internal SipDialog StrayDialog { get; } = new();

    /// <summary>
    /// A message from a source the trunks know. One the parser refused is answered by the layer where it can be, else
    /// dropped and counted.
    /// </summary>
    public void Receive(SipMessage message, in SipFlow flow, in ReceivedAt at)
    {
        _turn = at;
        Reason.Clear();
        if (message.Result != SipParseResult.Ok) Counters.Malformed++;
        else if (Gate.IsBlocked(message, flow.Remote, at)) return;
        Trace.Received(message, flow, at);
        Sip.Receive(message, flow, at);
        Trace.EndTurn();
    }

    /// <summary>
    /// A message handed to <see cref="ISipSender"/> could not be delivered after all; its bytes as they were sent.
    /// </summary>
    public void OnSendFailed(ReadOnlySpan<byte> message, in ReceivedAt at)
    {
        _turn = at;
        Sip.OnSendFailed(message, at.NowMs);
    }

    /// <summary>True while new INVITEs are to be shown to <see cref="TryShed"/>.</summary>
    /// <param name="nowMs">Monotonic time.</param>
    public bool IsShedding(long nowMs) => Shedder.IsActive(this, nowMs);

    /// <summary>
    /// Refuses a new INVITE that admission control does not take, before it is parsed; false when it is taken.
    /// </summary>
    /// <param name="invite">As received.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="waitedMs">How long since the kernel received it.</param>
    /// <param name="nowMs">Monotonic time.</param>
    public bool TryShed(scoped in InviteGlance invite, in SipFlow flow, long waitedMs, long nowMs) =>
        Shedder.TryRefuse(this, invite, flow, waitedMs, nowMs);

    /// <summary>True for the ACK to such a refusal: it is counted and forgotten.</summary>
    public bool TryDropAck(ReadOnlySpan<byte> datagram)
    {
        if (!InviteShedder.IsAckOfRefusal(datagram)) return false;
        Counters.AcksShed++;
        return true;
    }

    /// <summary>True when a datagram is worth parsing: its source is known, or may register.</summary>
    public bool Admits(ReadOnlySpan<byte> datagram, in IpEndpoint source, in ReceivedAt at) =>
        Gate.Admits(datagram, source, at);

    /// <summary>Takes our registrations with trunks back; see <see cref="Registrations"/> for the progress.</summary>
    public void Unregister(in ReceivedAt at)
    {
        _turn = at;
        Registering.Leave(at);
    }

    /// <summary>A media socket has input.</summary>
    public void OnMediaReadable(in EpollEvent ready, in ReceivedAt at)
    {
        _turn = at;
        var events = new EngineMediaEvents(this);
        Media.OnReadable(ready, at.NowMs, ref events);
    }

    /// <summary>
    /// Datagrams came by the media's ring; up to so many are handled. False when nothing is left of this turn.
    /// </summary>
    public bool TakeMedia(int countMax, in ReceivedAt at, out int taken)
    {
        _turn = at;
        var events = new EngineMediaEvents(this);
        return Media.TakeReceived(countMax, at.NowMs, ref events, out taken);
    }

    /// <summary>A pending route look-up has its answer: the calls that wait for it go on.</summary>
    public void OnRouteSettled(PhoneNumber number, in ReceivedAt at)
    {
        _turn = at;
        if (!_waiting.Remove(number, out var slot)) return;
        while (slot >= 0 && Calls.At(slot) is { } call)
        {
            slot = call.NextWaiting;
            call.NextWaiting = -1;
            if (call.State == CallState.LookingUp) LookUpRoute.Run(this, call, at);
        }
    }

    /// <summary>The STIR service answered a job of this worker.</summary>
    public void OnStirDone(StirJob job, in ReceivedAt at)
    {
        _turn = at;
        TakeStir.Run(this, job, at);
    }

    /// <summary>Fires what is due.</summary>
    /// <param name="at">Now.</param>
    /// <param name="unreadMs">
    /// For how long messages may have waited unread: timers that one of them may stop hold so long.
    /// </param>
    public void Advance(in ReceivedAt at, int unreadMs = 0)
    {
        _turn = at;
        Reason.Clear();
        Sip.Advance(at, unreadMs);
        Prober.Advance(at);
        Admission.Advance(at.NowMs);
        var self = this;
        Timers.Advance(at.NowMs - unreadMs, ref self);
        Registering.Advance(at);
        var events = new EngineMediaEvents(this);
        Media.Tick(at.NowMs, ref events);
        Trace.EndTurn();
    }

    /// <summary>Sends what is due of what is played, in the middle of a long turn.</summary>
    public void PlayDue(long nowMs)
    {
        var events = new EngineMediaEvents(this);
        Media.Play(nowMs, ref events);
    }

    /// <summary>Milliseconds until <see cref="Advance"/> has work; -1 when nothing is pending.</summary>
    public int NextDelayMs(long nowMs)
    {
        var own = Timers.NextDelayMs(nowMs);
        var sip = Sip.NextDelayMs(nowMs);
        var soonest = own < 0 ? sip : sip < 0 ? own : Math.Min(own, sip);
        var media = Media.NextDelayMs(nowMs);
        return soonest < 0 ? media : media < 0 ? soonest : Math.Min(soonest, media);
    }

    /// <summary>A host sent an ICMP error: nobody listens at this address of it (any more).</summary>
    public void OnUnreachable(in IpEndpoint remote, in ReceivedAt at)
    {
        foreach (var trunk in Routes.Trunks.All)
        {
            foreach (var endpoint in trunk.Endpoints)
            {
                var isIt = endpoint.Transport == SipTransportKind.Udp && endpoint.Address == remote;
                if (isIt) endpoint.Health.OnRefused(at.NowMs);
            }
        }
    }

    /// <summary>The media of this worker's calls in progress, for people who ask.</summary>
    public RunningCalls Running => new(this);

    /// <summary>Takes no new calls from now on.</summary>
    public void StartDrain() => IsDraining = true;

    /// <summary>Ends every call: BYE or a final response to all sides, each recorded with the drain reason.</summary>
    public void EndAll(in ReceivedAt at)
    {
        for (var slot = 0; slot < Calls.Capacity; slot++)
        {
            if (Calls.At(slot) is { } call) EndCall.BySystem(this, call, EndReason.Drain, at);
        }
    }

    /// <inheritdoc/>
    void ITimerSink.OnTimer(ushort kind, int owner, TimerHandle handle)
    {
        if (Calls.At(owner) is { } call) TakeTimer.Run(this, call, (CallTimer)kind, handle, _turn);
    }

    internal void WriteLegTag(Span<byte> destination, Call call, bool outbound)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        LegTag.Write(destination, Worker, outbound, call.Slot, Tokens.WriteTag(token));
    }

    /// <summary>Lends early dialogs to a call; as many are made as calls ever rang at a time.</summary>
    internal EarlyDialogs LendEarlyDialogs() =>
        _earlyDialogs.TryPop(out var dialogs) ? dialogs : new EarlyDialogs(_earlySeed);

    /// <summary>Takes a call's early dialogs back, if it has any.</summary>
    internal void TakeBackEarlyDialogs(Call call)
    {
        if (call.Early is not { } dialogs) return;
        call.Early = null;
        dialogs.Reset(Buffers);
        _earlyDialogs.Push(dialogs);
    }

    internal void WaitForRoute(Call call)
    {
        call.NextWaiting = _waiting.GetValueOrDefault(call.Facts.Called, -1);
        _waiting[call.Facts.Called] = call.Slot;
    }

    /// <summary>Takes a call that gives up out of its waiting list.</summary>
    internal void StopWaiting(Call call)
    {
        if (!_waiting.TryGetValue(call.Facts.Called, out var slot)) return;
        if (slot == call.Slot)
        {
            if (call.NextWaiting < 0) _waiting.Remove(call.Facts.Called);
            else _waiting[call.Facts.Called] = call.NextWaiting;
            return;
        }
        while (Calls.At(slot) is { } other)
        {
            slot = other.NextWaiting;
            if (slot != call.Slot) continue;
            other.NextWaiting = call.NextWaiting;
            return;
        }
    }
}
