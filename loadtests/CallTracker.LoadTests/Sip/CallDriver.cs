using System.Diagnostics;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Sip;

/// <summary>
/// Both outside parties of a plan on one thread of its own: calls start at their scheduled times whatever became of the
/// earlier ones (open loop). Others wait for it, tell it to hang up, and read the calls when it has ended.
/// </summary>
internal sealed class CallDriver : ITimerSink, IDisposable
{
    private const int ReceiveBufferBytes = 8 << 20;
    private const int DatagramBytes = 65_536;
    private const int BatchMax = 64;
    private readonly CallPlan _plan;
    private readonly SystemClock _clock = new();
    private readonly Epoll _epoll = new();
    private readonly TimerWheel _wheel;
    private readonly int _callerSocket;
    private readonly int _shopSocket;
    private readonly byte[] _buffer = new byte[DatagramBytes];
    private readonly EpollEvent[] _events = new EpollEvent[2];
    private readonly ManualResetEventSlim _settled = new();
    private readonly Thread _thread;
    private volatile bool _mustHangUp;
    private volatile bool _mustStop;
    private volatile int _started;
    private bool _hasHungUp;
    private long _nowMs;

    public CallDriver(CallPlan plan)
    {
        _plan = plan;
        _wheel = new TimerWheel(_clock.NowMs, 1024, (plan.Count * 2) + 1024);
        _callerSocket = Open(plan.Caller);
        _shopSocket = Open(plan.Shop);
        CallerParty = new CallerSide(plan, _wheel, _callerSocket);
        ShopParty = new ShopSide(plan, _wheel, _shopSocket);
        _thread = new Thread(Loop) { Name = "call driver", IsBackground = true };
    }

    public CallerSide CallerParty { get; }

    public ShopSide ShopParty { get; }

    /// <summary>Calls started so far.</summary>
    public int Started => _started;

    public void Start() => _thread.Start();

    /// <summary>Waits until every INVITE has its answer; false when that takes too long.</summary>
    public bool WaitSettled(TimeSpan limit) => _settled.Wait(limit);

    /// <summary>Ends the held calls, at the rate they were made.</summary>
    public void HangUp() => _mustHangUp = true;

    /// <summary>Waits until all calls are over; false when that takes too long and the driver was stopped.</summary>
    public bool Finish(TimeSpan limit)
    {
        if (_thread.Join(limit)) return true;
        _mustStop = true;
        _thread.Join();
        return false;
    }

    public void Dispose()
    {
        _mustStop = true;
        if (_thread.IsAlive) _thread.Join();
        UdpSocket.Close(_callerSocket);
        UdpSocket.Close(_shopSocket);
        _epoll.Dispose();
        _settled.Dispose();
    }

    void ITimerSink.OnTimer(ushort kind, int owner, TimerHandle handle)
    {
        var timer = (PartyTimer)kind;
        if (timer is PartyTimer.ShopAnswers or PartyTimer.RepeatOk) ShopParty.OnTimer(timer, owner, _nowMs);
        else CallerParty.OnTimer(timer, owner, _nowMs);
    }

    private int Open(in IpEndpoint local)
    {
        var socket = UdpSocket.Open(local, ReceiveBufferBytes, reusePort: false);
        if (socket < 0) throw new LoadTestException($"cannot bind {local}: errno {-socket}");
        _epoll.Add(socket, (ulong)socket);
        return socket;
    }

    private void Loop()
    {
        var began = Stopwatch.GetTimestamp();
        while (!_mustStop && CallerParty.EndedCount < _plan.Count)
        {
            var dueMs = StartDue(Stopwatch.GetElapsedTime(began));
            var timerMs = _wheel.NextDelayMs(_clock.NowMs);
            var count = _epoll.Wait(_events, Math.Min(dueMs, timerMs < 0 ? 100 : Math.Min(timerMs, 100)));
            _nowMs = _clock.NowMs;
            for (var i = 0; i < count; i++) Receive((int)_events[i].Data);
            var self = this;
            _wheel.Advance(_nowMs, ref self);
            if (CallerParty.SettledCount == _plan.Count) _settled.Set();
            if (!_mustHangUp || _hasHungUp) continue;
            _hasHungUp = true;
            CallerParty.HangUpAll(_nowMs);
        }
        _settled.Set();
    }

    // Starts what is due; milliseconds until the next is.
    private int StartDue(TimeSpan elapsed)
    {
        var due = Math.Min(_plan.Count, 1 + (int)(elapsed.TotalSeconds * _plan.RatePerSec));
        _nowMs = _clock.NowMs;
        while (_started < due) CallerParty.Start(_started++, _nowMs);
        if (_started == _plan.Count) return 100;
        var nextSec = _started / _plan.RatePerSec;
        return Math.Clamp((int)Math.Ceiling((nextSec - elapsed.TotalSeconds) * 1000), 0, 100);
    }

    private void Receive(int socket)
    {
        for (var i = 0; i < BatchMax; i++)
        {
            var length = UdpSocket.ReceiveFrom(socket, _buffer, out var from);
            if (length < 0) return;
            var message = new SipText(_buffer.AsSpan(0, Math.Min(length, _buffer.Length)));
            if (socket == _callerSocket) CallerParty.Receive(message, from, _nowMs);
            else ShopParty.Receive(message, from, _nowMs);
        }
    }
}
