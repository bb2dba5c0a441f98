using System.Globalization;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.LoadTests.RelayOnly;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.LoadTests.Players;

/// <summary>
/// A relay whose sessions all play to their side A, on a thread of its own with the loop of a worker: it waits until
/// the millisecond in which the next packet is due.
/// </summary>
internal sealed class PlayingRelay : IDisposable
{
    private const int EventsMax = 256;
    private const string BindAddress = "127.77.0.1";
    private readonly Epoll _epoll = new();
    private readonly MediaRelay _relay;
    private readonly SystemClock _clock = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public PlayingRelay(PlayersOptions options)
    {
        FileLimit.Raise((ulong)((options.Calls * 4) + 256));
        var bind = IpEndpoint.From(System.Net.IPAddress.Parse(BindAddress), 0);
        var ports = new RtpPortPool(bind, (ushort)options.FirstPort, options.Calls * 4, _epoll);
        var opened = ports.Open();
        if (opened != RtpPortPoolResult.Ok || ports.PairCount < options.Calls * 2)
            throw new LoadTestException($"ports: {opened}, {ports.PairCount} of {options.Calls * 2} pairs");
        _relay = new MediaRelay(ports, new MediaSettings { SilenceMsMax = 0 });
        for (var call = 0; call < options.Calls; call++) Play(call, options.FarPort);
        _thread = new Thread(Loop) { Name = "players" };
    }

    public Player Player => _relay.Player;

    public MediaCounters Counters => _relay.Counters;

    /// <summary>CPU time of the thread, user and system, in microseconds; once it has ended.</summary>
    public double CpuUs { get; private set; }

    /// <summary>Bytes allocated by the thread after its first second; once it has ended.</summary>
    public long AllocatedBytes { get; private set; }

    public void Start() => _thread.Start();

    public void Stop()
    {
        _isStopping = true;
        _thread.Join();
    }

    public void Dispose()
    {
        _relay.Dispose();
        _epoll.Dispose();
    }

    // Each listener has a loopback address of its own, as phones have.
    private void Play(int call, int farPort)
    {
        if (!_relay.TryOpen(call, out var session)) throw new LoadTestException("ports ran out");
        var far = IpEndpoint.FromIpv4(0x7f4e_0000u | (uint)(call + 1), (ushort)farPort);
        var nowMs = _clock.NowMs;
        _relay.SetRemote(session, MediaSide.A, far, default, rtcpMux: true, SdpDirection.SendRecv, 8000, nowMs);
        _relay.MarkAnswered(session, nowMs);
        var format = new PlayFormat(PromptCodecs.Pcmu, 0);
        var request = new PlayRequest(Tones.Ringback.Looped, format, PlayUse.Prompt) { DelayMs = 200 };
        if (!_relay.Player.Start(session, MediaSide.A, request, nowMs)) throw new LoadTestException("nothing plays");
    }

    private void Loop()
    {
        var ready = new EpollEvent[EventsMax];
        var events = new NoEvents();
        // The runtime makes each thread a generator of its own when it first asks: the relay's reports do, after 8 s.
        _ = Random.Shared.Next();
        var (measuredFromMs, allocated) = (_clock.NowMs + 1000, 0L);
        while (!_isStopping)
        {
            var nowUs = _clock.NowUs;
            var delayMs = _relay.NextDelayMs(nowUs / 1000);
            var count = _epoll.WaitPrecisely(ready, MillisecondWait.Us(nowUs, delayMs));
            var nowMs = _clock.NowMs;
            for (var i = 0; i < count; i++) _relay.OnReadable(ready[i], nowMs, ref events);
            _relay.Tick(nowMs, ref events);
            if (nowMs < measuredFromMs) allocated = GC.GetAllocatedBytesForCurrentThread();
        }
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        // The first figure is the thread's time on a processor, in nanoseconds.
        var nanoseconds = File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0];
        CpuUs = double.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1000;
    }
}
