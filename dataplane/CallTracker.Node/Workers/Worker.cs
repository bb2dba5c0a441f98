using CallTracker.Calls.Engine;
using CallTracker.Calls.Protection;
using CallTracker.Core.Linux;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>
/// One worker: a thread with one event loop that owns its SIP sockets, its calls, their RTP sockets, its timers and
/// pools. Nothing in it waits but epoll, or its ring.
/// </summary>
internal sealed class Worker : IDisposable
{
    private const int EventsMax = 256;
    private const int TurnMsMax = 100;
    private const int BatchesPerTurnMax = 8;
    // One less than a power of two: so many events are handled between looks at what is to be played.
    private const int EventsPerPlay = 31;
    private readonly WorkerParts _parts;
    private readonly IClock _clock;
    private readonly SipMessage _message = new();
    private readonly Datagram[] _batch = new Datagram[DatagramReceiver.BatchMax];
    private readonly EpollEvent[] _events = new EpollEvent[EventsMax];
    private readonly bool[] _signals;
    private readonly OverloadGate _gate;
    private readonly SpreadDesk _spread;
    private readonly UnreadInput _unread;
    private readonly Epoll _mailboxOnly = new();
    private readonly TurnPacer _pacer;
    private readonly RingLoop? _ring;
    private Worker[] _workers = [];
    private long _advancedMs;
    private bool _isStarved;
    private bool _stopping;

    public Worker(WorkerParts parts)
    {
        _parts = parts;
        _clock = parts.Clock;
        _pacer = TurnPacer.Of(parts.IsRealTime);
        _signals = new bool[parts.Spread.WorkerCount];
        Engine = new CallEngine(parts.Engine, Now());
        _gate = new OverloadGate(Engine, _clock, parts.Number, parts.Spread);
        _unread = new UnreadInput(_clock);
        _spread = new SpreadDesk(parts.Spread, Engine, Media, parts.Number, SipSockets(), _clock.NowMs);
        _mailboxOnly.Add(parts.Mailbox.Descriptor, 0);
        if (parts.Ring is not { } ring) return;
        _ring = new RingLoop(ring, Engine, Media.Player, _clock, _pacer);
        _ring.Poll(parts);
    }

    public CallEngine Engine { get; }

    public Mailbox Mailbox => _parts.Mailbox;

    public DatagramReceiver Receiver => _parts.Receiver;

    /// <summary>Of the other IP version; null where the node has only one.</summary>
    public DatagramReceiver? SecondReceiver => _parts.SecondReceiver;

    public UdpSender Sender => _parts.Sender;

    /// <summary>By which its RTP ports receive; null: by the epoll.</summary>
    public DatagramRing? Ring => _parts.Ring;

    public MediaRelay Media => _parts.Engine.Media;

    /// <summary>Datagrams received for SIP.</summary>
    public long Received { get; private set; }

    /// <summary>Datagrams handed to the worker that owns their call.</summary>
    public long HandedOver { get; private set; }

    /// <summary>True while this worker is not alone in taking new calls.</summary>
    public bool IsSharing => _parts.Spread.Phase is SpreadPhase.Opening or SpreadPhase.Spread;

    /// <summary>Tells the kernel which worker gets what it cannot tell itself; 0 or a negated errno.</summary>
    public int Steer() => _spread.Steer();

    /// <summary>The loop; returns after <see cref="WorkerMessageKind.Stop"/>.</summary>
    /// <param name="workers">All workers of the node, this one among them, by number.</param>
    public void Run(Worker[] workers)
    {
        _workers = workers;
        var isBusy = false;
        _ring?.Start();
        while (!_stopping)
        {
            var taken = 0;
            var at = _ring is null ? Wait(isBusy, out var count) : WaitForRing(isBusy, out count, out taken);
            HandleAll(count, at);
            Sender.Flush();
            SignalOthers();
            isBusy = count + taken > 0;
            if (_isStarved) AwaitBuffers();
            if (at.NowMs != _advancedMs) Advance(at);
            if (_ring is null) _pacer.EndTurn(count, at.NowMs);
            else _ring.EndTurn(count + taken, at.NowMs);
        }
        _ring?.Stop();
    }

    public void Dispose()
    {
        _mailboxOnly.Dispose();
        Close(Receiver);
        if (SecondReceiver is { } second) Close(second);
        _parts.Engine.Media.Dispose();
        _parts.Ring?.Dispose();
        _parts.Epoll.Dispose();
        Mailbox.Dispose();
    }

    private static void Close(DatagramReceiver receiver)
    {
        receiver.Dispose();
        UdpSocket.Close(receiver.Descriptor);
    }

    private ReceivedAt Wait(bool isBusy, out int count)
    {
        count = _parts.Epoll.WaitPrecisely(_events, WaitUs(isBusy));
        return Now();
    }

    private ReceivedAt WaitForRing(bool isBusy, out int count, out int taken)
    {
        taken = _ring!.Take(WaitUs(isBusy), EventsPerPlay + 1, out var at);
        count = _ring.TakeReady(_events);
        return at;
    }

    private void HandleAll(int count, in ReceivedAt at)
    {
        _unread.BeginTurn();
        for (var i = 0; i < count; i++)
        {
            Handle(_events[i], at);
            // A full turn takes milliseconds; what is played does not wait for its end.
            if ((i & EventsPerPlay) == EventsPerPlay && Media.Player.ActiveCount > 0) Engine.PlayDue(_clock.NowMs);
        }
    }

    // The others hold all buffers. The socket stays readable meanwhile: without a rest this loop would spin and take
    // the time that they need.
    private void AwaitBuffers()
    {
        _isStarved = false;
        _mailboxOnly.Wait(_events, TimerWheel.TickMs);
    }

    private long WaitUs(bool isBusy)
    {
        var nowUs = _clock.NowUs;
        var delayMs = isBusy ? BusyDelayMs(nowUs / 1000) : IdleDelayMs(nowUs / 1000);
        return MillisecondWait.Us(nowUs, delayMs);
    }

    // While input flows, one tick is wait enough: looking up the next timer would cost more than an early turn.
    private int BusyDelayMs(long nowMs)
    {
        var mediaMs = Media.NextDelayMs(nowMs);
        return mediaMs < 0 ? TimerWheel.TickMs : Math.Min(mediaMs, TimerWheel.TickMs);
    }

    private int IdleDelayMs(long nowMs)
    {
        var delayMs = Engine.NextDelayMs(nowMs);
        return delayMs < 0 ? TurnMsMax : Math.Min(delayMs, TurnMsMax);
    }

    private void Advance(in ReceivedAt at)
    {
        _advancedMs = at.NowMs;
        Engine.Advance(at, _unread.WaitedMs);
        _spread.Turn(at.NowMs);
    }

    private ReceivedAt Now() => new(_clock.NowMs, _clock.UnixMs);

    private void Handle(in EpollEvent ready, in ReceivedAt at)
    {
        switch ((PollKind)(ready.Data >> 56))
        {
            case PollKind.Sip:
                if ((ready.Events & EpollEvent.Error) != 0) SipErrors.Take(Receiver.Descriptor, Engine, at);
                ReceiveSip(Receiver, InputQueue.Socket);
                break;
            case PollKind.SecondSip:
                if ((ready.Events & EpollEvent.Error) != 0) SipErrors.Take(SecondReceiver!.Descriptor, Engine, at);
                ReceiveSip(SecondReceiver!, InputQueue.SecondSocket);
                break;
            case PollKind.WakeUp:
                ReadMailbox(at);
                break;
            default:
                Engine.OnMediaReadable(ready, at);
                break;
        }
    }

    // :: Step 1
    private void ReceiveSip(DatagramReceiver receiver, InputQueue queue)
    {
        var endMs = _clock.NowMs + _parts.SignallingMsMax;
        var lastUnixMs = 0L;
        for (var round = 0; round < BatchesPerTurnMax; round++)
        {
            var count = receiver.Receive(_batch, _clock);
            _isStarved |= receiver.IsStarved;
            Received += count;
            if (count > 0) _gate.Observe(_batch[0], queue);
            if (count > 0) lastUnixMs = _batch[count - 1].At.UnixMs;
            _gate.Arrange(_batch.AsSpan(0, count));
            for (var i = 0; i < count; i++) Take(_batch[i]);
            if (count < DatagramReceiver.BatchMax) return;
            if (_clock.NowMs >= endMs) break;
        }
        _unread.Left(lastUnixMs);
    }

    private void Take(Datagram datagram)
    {
        if (!Engine.Admits(datagram.Bytes, datagram.Source, datagram.At))
        {
            Engine.Counters.UnknownSource++;
        }
        else if (_gate.TryShed(datagram, FlowOf(datagram), isOwn: false, out var elsewhere))
        {
            if (elsewhere.First != _parts.Number && HandOver(datagram, elsewhere)) return;
        }
        else if (TryParse(datagram))
        {
            var owner = MessageOwner.Find(_message, _parts.Spread);
            if (owner.First == _parts.Number) owner = Settled(owner);
            if (owner.First != _parts.Number && HandOver(datagram, owner)) return;
            if (owner.First == _parts.Number) Engine.Receive(_message, FlowOf(datagram), datagram.At);
        }
        Return(datagram);
    }

    // What is in _message and may be another's is this worker's when it knows the INVITE.
    private CallOwner Settled(CallOwner owner) =>
        new(owner.Other < 0 || Engine.KnowsInvite(_message) ? _parts.Number : owner.Other);

    private bool TryParse(Datagram datagram)
    {
        var result = _message.Parse(datagram.Buffer, datagram.Offset, datagram.Length);
        if (result == SipParseResult.Ok) return true;
        if (result != SipParseResult.KeepAlive) Engine.Receive(_message, FlowOf(datagram), datagram.At);
        return false;
    }

    private bool HandOver(Datagram datagram, CallOwner owner)
    {
        if (!_workers[owner.First].Mailbox.TryPostQuietly(WorkerMessage.Of(datagram, owner))) return false;
        _signals[owner.First] = true;
        HandedOver++;
        return true;
    }

    // One wake-up for all that was handed over in this turn.
    private void SignalOthers()
    {
        for (var i = 0; i < _signals.Length; i++)
        {
            if (!_signals[i]) continue;
            _signals[i] = false;
            _workers[i].Mailbox.Signal();
        }
    }

    private void ReadMailbox(in ReceivedAt at)
    {
        Mailbox.ClearSignal();
        var endMs = _clock.NowMs + _parts.SignallingMsMax;
        while (Mailbox.TryRead(out var message))
        {
            var cameUnixMs = message.CameUnixMs(at);
            Take(message, at);
            if (_clock.NowMs < endMs) continue;
            // The rest after what else is ready.
            _unread.Left(cameUnixMs);
            Mailbox.Signal();
            return;
        }
    }

    private void Take(in WorkerMessage message, in ReceivedAt at)
    {
        switch (message.Kind)
        {
            case WorkerMessageKind.Datagram:
                TakeHandedOver(message.Datagram!, isOwn: true);
                break;
            case WorkerMessageKind.Inquiry:
                TakeHandedOver(message.Datagram!, isOwn: false);
                break;
            case WorkerMessageKind.SendFailed:
                Engine.OnSendFailed(message.Datagram!.Bytes, at);
                Return(message.Datagram);
                break;
            case WorkerMessageKind.RouteSettled:
                Engine.OnRouteSettled(message.Number, at);
                break;
            case WorkerMessageKind.StirDone:
                Engine.OnStirDone(message.Stir!, at);
                break;
            case WorkerMessageKind.Drain:
                Engine.StartDrain();
                break;
            case WorkerMessageKind.EndCalls:
                Engine.EndAll(at);
                break;
            case WorkerMessageKind.Unregister:
                Engine.Unregister(at);
                break;
            case WorkerMessageKind.ReadMedia:
                message.Media!.Answer(Engine, at);
                break;
            case WorkerMessageKind.OrderRecording:
                message.Order!.CarryOut(Engine, at);
                break;
            case WorkerMessageKind.Stop:
                _stopping = true;
                break;
            default:
                break;
        }
    }

    private void TakeHandedOver(Datagram datagram, bool isOwn)
    {
        _gate.Observe(datagram, InputQueue.Mailbox);
        if (isOwn && _gate.TryShed(datagram, FlowOf(datagram), isOwn, out _))
        {
            Return(datagram);
            return;
        }
        // Another worker parsed a datagram before it passed it on, and answered it when it was broken; a message from a
        // connection comes here first.
        var isGood = _message.Parse(datagram.Buffer, datagram.Offset, datagram.Length) == SipParseResult.Ok;
        var owner = isOwn || !isGood ? new CallOwner(_parts.Number) : Settled(OtherOf(_message));
        if (owner.First != _parts.Number && HandOver(datagram, owner)) return;
        var isTaken = owner.First == _parts.Number && (isGood || datagram.Connection != 0);
        if (isTaken) Engine.Receive(_message, FlowOf(datagram), datagram.At);
        Return(datagram);
    }

    // Two workers may have the call of an inquiry: the first one, and that of its Call-ID.
    private CallOwner OtherOf(SipMessage message) => new(
        _parts.Number, _parts.Number == 0 ? MessageOwner.OfCallId(message.CallId, _parts.Spread.WorkerCount) : 0);

    private int[] SipSockets() =>
        SecondReceiver is null ? [Receiver.Descriptor] : [Receiver.Descriptor, SecondReceiver.Descriptor];

    private void Return(Datagram datagram)
    {
        if (datagram.Owner == _parts.Datagrams) datagram.Owner.Return(datagram);
        else datagram.Owner.ReturnFromOtherThread(datagram);
    }

    private static SipFlow FlowOf(Datagram datagram) =>
        new((SipTransportKind)datagram.Transport, 0, datagram.Connection, datagram.Source);
}
