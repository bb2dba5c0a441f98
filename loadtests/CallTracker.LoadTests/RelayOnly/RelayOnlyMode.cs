using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.LoadTests.RelayOnly;

/// <summary>
/// The media relay without signalling: N sessions on one epoll thread, between far ends on loopback addresses. Writes
/// one line per side, "far end, relay address", prints "ready", and relays until SIGTERM; then prints its counters.
/// A packet generator measures it like any other relay.
/// </summary>
internal static class RelayOnlyMode
{
    private const int EventsMax = 512;
    private static volatile bool s_isStopping;

    public static int Usage()
    {
        Console.Error.WriteLine(
            "usage: CallTracker.LoadTests relay-only --pairs FILE [--calls N] [--bind ADDRESS] [--first-port N] "
            + "[--far-port N] [--far-a ADDRESS --far-b ADDRESS] [--fastpath 0|1] [--rest-us N] [--gather N] "
            + "[--record FOLDER] [--io auto|epoll|uring] [--priority normal|realtime]");
        return 2;
    }

    public static int Run(string[] args)
    {
        if (!RelayOnlyOptions.TryParse(args, out var options)) return Usage();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        FileLimit.Raise((ulong)((options.Calls * 4) + 256));
        using var epoll = new Epoll();
        var bind = IpEndpoint.From(options.Bind, 0);
        using var ring = OpenRing(epoll, options);
        var ports = new RtpPortPool(bind, (ushort)options.FirstPort, options.Calls * 4, epoll, ring: ring);
        var opened = ports.Open();
        if (opened != RtpPortPoolResult.Ok || ports.PairCount < options.Calls * 2)
        {
            Console.Error.WriteLine($"relay-only: ports: {opened}, {ports.PairCount} of {options.Calls * 2} pairs");
            return 1;
        }
        using var program = options.IsFast ? OpenFastPath(options, bind) : null;
        if (options.IsFast && program is null) return 1;
        using var relay = new MediaRelay(ports, new MediaSettings { SilenceMsMax = 0 }, program);
        var clock = new SystemClock();
        var recorder = options.RecordFolder.Length > 0 ? new RelayRecorder(relay, options.RecordFolder) : null;
        File.WriteAllText(options.PairsPath, OpenCalls(relay, options, recorder, clock.NowMs));
        if (options.IsRealTime && RealTime.Enter() is var error and < 0)
            throw new LoadTestException($"no real-time priority: errno {-error}");
        Console.WriteLine("ready");
        if (ring is null) Loop(relay, epoll, clock, options.NewPacer());
        else LoopOnRing(relay, ring, clock, options.NewPacer());
        Report(relay);
        if (recorder is not null) Console.Error.WriteLine(recorder.End());
        return 0;
    }

    private static FastPathProgram? OpenFastPath(RelayOnlyOptions options, IpEndpoint bind)
    {
        var settings = new FastPathSettings
        {
            FirstPort = options.FirstPort,
            PairCount = options.Calls * 2,
            Ipv4 = bind,
        };
        var program = FastPathProgram.TryOpen(settings, out var reason);
        if (program is null) Console.Error.WriteLine($"relay-only: no fast path: {reason}");
        return program;
    }

    private static void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        s_isStopping = true;
    }

    private static string OpenCalls(
        MediaRelay relay, RelayOnlyOptions options, RelayRecorder? recorder, long nowMs)
    {
        var pairs = new StringBuilder();
        for (var call = 0; call < options.Calls; call++)
        {
            if (!relay.TryOpen(call, out var session)) throw new InvalidOperationException("Ports ran out.");
            AddSide(MediaSide.A, call * 2);
            AddSide(MediaSide.B, (call * 2) + 1);
            relay.MarkAnswered(session, nowMs);
            recorder?.Begin(session, call);

            void AddSide(MediaSide side, int leg)
            {
                var given = side == MediaSide.A ? options.FarA : options.FarB;
                var far = given is null ? FarEnd(leg, options.FarPort) : IpEndpoint.From(given, options.FarPort);
                var rtcp = far.WithPort((ushort)(far.Port + 1));
                relay.SetRemote(session, side, far, rtcp, rtcpMux: false, SdpDirection.SendRecv, 8000, nowMs);
                var local = IpEndpoint.From(options.Bind, relay.LocalPort(session, side));
                pairs.Append(CultureInfo.InvariantCulture, $"{far} {local}\n");
            }
        }
        return pairs.ToString();
    }

    // One loopback address per leg, 250 to a network of the last octet, so that the generator needs one socket.
    private static IpEndpoint FarEnd(int leg, int port)
    {
        var address = 0x7f00_0000u | ((uint)(1 + (leg / 62_500)) << 16) | ((uint)(leg / 250 % 250) << 8);
        return IpEndpoint.FromIpv4(address | (uint)(1 + (leg % 250)), (ushort)port);
    }

    private static void Loop(MediaRelay relay, Epoll epoll, SystemClock clock, TurnPacer pacer)
    {
        var ready = new EpollEvent[EventsMax];
        var events = new NoEvents();
        while (!s_isStopping)
        {
            var count = epoll.Wait(ready, 100);
            var nowMs = clock.NowMs;
            for (var i = 0; i < count; i++) relay.OnReadable(ready[i], nowMs, ref events);
            relay.Tick(nowMs, ref events);
            pacer.EndTurn(count, nowMs);
        }
    }

    // As the product chooses.
    private static DatagramRing? OpenRing(Epoll epoll, RelayOnlyOptions options)
    {
        if (options.Io == "epoll") return null;
        var result = RingProbe.Run(IpEndpoint.From(options.Bind, 0));
        DatagramRing? ring = null;
        if (result == 0) result = MediaRing.TryOpen(epoll, options.Calls * 2, out ring);
        if (ring is null) Console.Error.WriteLine($"relay-only: no ring: errno {-result}");
        return ring is not null || options.Io == "auto" ? ring : throw new LoadTestException("io_uring is asked for");
    }

    private static void LoopOnRing(MediaRelay relay, DatagramRing ring, SystemClock clock, TurnPacer pacer)
    {
        var ready = new EpollEvent[EventsMax];
        var events = new NoEvents();
        if (ring.Start() is var result and < 0) throw new LoadTestException($"no ring: errno {-result}");
        var gatherUs = 0;
        while (!s_isStopping)
        {
            ring.Wait(100_000, pacer.GatheredMin, gatherUs);
            var nowMs = clock.NowMs;
            relay.TakeReceived(int.MaxValue, nowMs, ref events, out var taken);
            var count = ring.TakeReady(ready);
            for (var i = 0; i < count; i++) relay.OnReadable(ready[i], nowMs, ref events);
            relay.Tick(nowMs, ref events);
            gatherUs = pacer.IsRestDue(count + taken, nowMs) ? pacer.RestUs : 0;
        }
        ring.Stop();
        Console.Error.WriteLine($"by io_uring: shortages {ring.Shortages}, stale {ring.Stale}");
    }

    private static void Report(MediaRelay relay)
    {
        var counters = relay.Counters;
        var relayed = counters.PacketsRelayed(MediaSide.A) + counters.PacketsRelayed(MediaSide.B);
        Console.Error.Write($"relayed {relayed}");
        if (relay.FastPath is { } fast)
            Console.Error.Write($", by the kernel {fast.Packets(MediaSide.A) + fast.Packets(MediaSide.B)}");
        for (var reason = MediaDropReason.None; (int)reason < MediaCounters.ReasonCount; reason++)
        {
            if (counters.Dropped(reason) > 0) Console.Error.Write($", {reason} {counters.Dropped(reason)}");
        }
        Console.Error.WriteLine();
    }
}
