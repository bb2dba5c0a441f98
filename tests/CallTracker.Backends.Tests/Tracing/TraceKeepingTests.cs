using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.Backends.Tests.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Model;
using CallTracker.Calls.Tracing;
using CallTracker.Contracts.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>
/// From the ring into the real ClickHouse: which calls are kept, how, and what happens when it is away.
/// </summary>
[Collection(ClickHouseFixture.Name)]
public sealed class TraceKeepingTests(ClickHouseFixture servers)
{
    private static int _number = 1_000_000;

    [Fact]
    public async Task Call_Failed_IsKeptWithBothLegsInOrder()
    {
        await using var bench = new TraceBench(servers.Client());
        bench.Shipper.Start();
        var call = Interlocked.Increment(ref _number);
        bench.Call(call, CallOutcome.Busy);
        bench.Turn();
        bench.Counters.Shipped.ShouldBe(0);
        bench.Settle();
        await ShippedAsync(bench, 4);
        (await RowsAsync(call, "direction, attempt, method, status, remote, cause, missing")).ShouldBe(
        [
            "received\t0\tINVITE\t0\t127.0.0.1:" + Port(call, 0) + "\tfailed\t0",
            "sent\t1\tINVITE\t0\t127.0.0.1:" + Port(call, 1) + "\tfailed\t0",
            "received\t1\t\t486\t127.0.0.1:" + Port(call, 1) + "\tfailed\t0",
            "sent\t0\t\t486\t127.0.0.1:" + Port(call, 0) + "\tfailed\t0",
        ]);
        var sealedText = (await RowsAsync(call, "base64Encode(message_sealed)"))[0];
        var opened = bench.Cipher.Open(TestCalls.IdOf(call), Convert.FromBase64String(sealedText));
        Encoding.ASCII.GetString(opened!).ShouldStartWith("INVITE sip:0120123456@x");
        bench.Cipher.Open(TestCalls.IdOf(call + 1), Convert.FromBase64String(sealedText)).ShouldBeNull();
        (await RowsAsync(call, "dateDiff('day', now(), expires_at)")).ShouldAllBe(days => days != "0");
    }

    [Fact]
    public async Task Call_LateMessages_AreKeptInASecondLook()
    {
        await using var bench = new TraceBench(servers.Client());
        bench.Shipper.Start();
        var call = Interlocked.Increment(ref _number);
        bench.Call(call, CallOutcome.Busy);
        bench.Settle();
        bench.Message((ulong)call * 10, "ACK sip:x SIP/2.0\r\n\r\n");
        bench.Clock.Advance(bench.Settings.LingerMs);
        bench.Turn();
        await ShippedAsync(bench, 5);
        (await RowsAsync(call, "method"))[^1].ShouldBe("ACK");
        (bench.WaitingCount, bench.Conversations.Count).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(CallOutcome.Answered, EndReason.Bye, false)]
    [InlineData(CallOutcome.Answered, EndReason.MediaTimeout, true)]
    [InlineData(CallOutcome.Answered, EndReason.AckTimeout, true)]
    [InlineData(CallOutcome.CallerGaveUp, EndReason.Cancel, false)]
    [InlineData(CallOutcome.NoAnswer, EndReason.RingTimeout, true)]
    [InlineData(CallOutcome.NotTried, EndReason.UnknownNumber, true)]
    [InlineData(CallOutcome.LineUnavailable, EndReason.NoTrunk, true)]
    public async Task Call_ByItsOutcome_IsKeptOrLetGo(CallOutcome outcome, EndReason reason, bool isKept)
    {
        await using var bench = new TraceBench(servers.Client());
        var call = Interlocked.Increment(ref _number);
        bench.Call(call, outcome, reason);
        bench.Settle();
        (bench.Shipper.QueuedBytes > 0).ShouldBe(isKept);
        bench.Conversations.CallCount.ShouldBe(isKept ? 1 : 0);
    }

    [Fact]
    public async Task Call_AskedForByNumberOrCaller_IsKeptThoughAnswered()
    {
        using var cipher = TestCalls.Cipher();
        var until = new FakeClock().UnixMs + 600_000;
        var order = new TraceRequestRecord { TraceId = "1", OperatorId = "op1", CreatedMs = 1, ExpiresMs = until };
        (TraceRequestRecord Order, bool IsKept)[] cases =
        [
            (order with { DinId = "0120123456" }, true),
            (order with { DinId = "0120000000" }, false),
            (order with { CallerKey = cipher.Key("09012345678") }, true),
            (order with { CallerKey = cipher.Key("09000000000") }, false),
            (order with { DinId = "0120123456", OperatorId = "op2" }, false),
            (order with { DinId = "0120123456", ExpiresMs = 1 }, false),
            (order with { DinId = "0120123456", CreatedMs = until - 1 }, false),
        ];
        foreach (var (given, isKept) in cases)
        {
            await using var bench = new TraceBench(servers.Client()) { Requests = [given] };
            bench.Call(Interlocked.Increment(ref _number), CallOutcome.Answered);
            bench.Settle();
            (bench.Shipper.QueuedBytes > 0).ShouldBe(isKept, given.ToString());
        }
    }

    [Fact]
    public async Task Calls_Sampled_AreKeptInAboutTheShareAskedFor()
    {
        var settings = TraceBench.DefaultSettings with { SamplePpm = 250_000, CallsPerSecMax = 10_000 };
        await using var bench = new TraceBench(servers.Client(), settings);
        for (var i = 0; i < 800; i++) bench.Call(5_000_000 + i, CallOutcome.Answered);
        bench.Settle();
        bench.Conversations.CallCount.ShouldBeInRange(140, 260);
    }

    [Fact]
    public async Task Calls_FailingInMasses_AreKeptUpToTheBoundAndCounted()
    {
        var settings = TraceBench.DefaultSettings with { CallsPerSecMax = 10 };
        await using var bench = new TraceBench(servers.Client(), settings);
        for (var i = 0; i < 50; i++) bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
        bench.Settle();
        (bench.Counters.Skipped, bench.Conversations.CallCount).ShouldBe((40, 10));
    }

    [Fact]
    public async Task Call_PartlyOverwritten_IsKeptWithTheNumberMissing()
    {
        await using var bench = new TraceBench(servers.Client());
        bench.Shipper.Start();
        var call = Interlocked.Increment(ref _number);
        var dialog = (ulong)call * 10;
        bench.Message(dialog, "INVITE sip:x SIP/2.0\r\n\r\n");
        bench.Dialog(dialog, call, 0);
        bench.Turn();
        for (var i = 0; i < 40; i++)
        {
            bench.Message(7, "OPTIONS " + new string('x', 30_000));
            bench.Turn();
        }
        bench.Message(dialog, "SIP/2.0 503 No\r\n\r\n", isSent: true);
        bench.End(call, CallOutcome.LineUnavailable);
        bench.Settle();
        await ShippedAsync(bench, 1);
        (await RowsAsync(call, "status, missing")).ShouldBe(["503\t1"]);
        bench.Counters.Missing.ShouldBe(1);
        bench.Conversations.Count.ShouldBeLessThan(4);
    }

    [Fact]
    public async Task Rows_OfSeveralCalls_WaitForEachOtherAShortWhile()
    {
        await using var bench = new TraceBench(servers.Client(), TraceBench.DefaultSettings with { FlushMs = 1000 });
        bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
        bench.Settle();
        bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
        bench.Turn();
        bench.Shipper.QueuedBytes.ShouldBe(0);
        bench.Clock.Advance(1000);
        bench.Turn();
        bench.Shipper.QueuedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Reader_Overtaken_GoesOnWithWhatIsNew()
    {
        await using var bench = new TraceBench(servers.Client());
        for (var i = 0; i < 100; i++) bench.Message(7, "OPTIONS " + new string('x', 30_000));
        bench.Turn();
        bench.Counters.UnreadBytes.ShouldBe(bench.Ring.Published);
        bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
        bench.Settle();
        bench.Shipper.QueuedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ClickHouse_Away_WaitsUpToTheBoundThenDropsAndShipsTheRestLater()
    {
        var handler = new GateHandler();
        var settings = TraceBench.DefaultSettings with { QueueBytesMax = 4000 };
        await using var bench = new TraceBench(servers.Client(handler), settings);
        bench.Shipper.Start();
        var first = Interlocked.Increment(ref _number);
        bench.Call(first, CallOutcome.Busy);
        bench.Settle();
        await Eventually.IsTrue(() => handler.Refused > 2, "some tries");
        for (var i = 0; i < 20; i++)
        {
            bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
            bench.Settle();
        }
        bench.Shipper.QueuedBytes.ShouldBeLessThanOrEqualTo(4000);
        var lost = bench.Counters.Lost;
        lost.ShouldBeInRange(20, 80);
        handler.IsOpen = true;
        await Eventually.IsTrue(() => bench.Shipper.QueuedBytes == 0, "all shipped");
        (bench.Counters.Shipped + bench.Counters.Lost).ShouldBe(84);
        bench.Counters.Lost.ShouldBe(lost);
        (await RowsAsync(first, "status")).Length.ShouldBe(4);
        bench.Log.Entries.Count(e => e.What == BackendEvent.TraceFailed).ShouldBe(1);
    }

    [Fact]
    public async Task Shipper_StoppedWhileClickHouseIsAway_CountsWhatIsLost()
    {
        await using var bench = new TraceBench(servers.Client(new GateHandler()));
        bench.Shipper.Start();
        bench.Call(Interlocked.Increment(ref _number), CallOutcome.Busy);
        bench.Turn(isLast: true);
        await bench.Shipper.StopAsync(100);
        bench.Counters.Lost.ShouldBe(4);
    }

    [Fact]
    public async Task Mirror_EveryMessage_GoesOutMaskedWithTheCallsId()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        receiver.ReceiveTimeout = 5000;
        var settings = TraceBench.DefaultSettings with { Hep = (IPEndPoint)receiver.LocalEndPoint! };
        var counters = new TraceCounters();
        var mirror = new HepMirror(settings, settings.Hep, counters);
        await using var bench = new TraceBench(servers.Client(), settings, mirror);
        bench.Call(Interlocked.Increment(ref _number), CallOutcome.Answered);
        bench.Message(3, "OPTIONS sip:x SIP/2.0\r\nAuthorization: Digest response=\"abc\"\r\n\r\n");
        bench.Turn();
        var packets = new List<string>();
        var buffer = new byte[4096];
        for (var i = 0; i < 5; i++) packets.Add(Encoding.Latin1.GetString(buffer, 0, receiver.Receive(buffer)));
        var trnId = TestCalls.IdOf(_number);
        packets[..4].ShouldAllBe(p => p.StartsWith("HEP3") && p.Contains(trnId));
        packets[4].ShouldNotContain(trnId);
        packets[4].ShouldContain("response=\"xxx\"");
        (counters.HepSent, counters.HepFailed).ShouldBe((5, 0));
    }

    private static string Port(int call, int leg) => (5000 + ((((ulong)call * 10) + (ulong)leg) % 50)).ToString();

    private static Task ShippedAsync(TraceBench bench, int rows) =>
        Eventually.IsTrue(() => bench.Counters.Shipped == rows, $"{rows} rows in ClickHouse: {bench.Log}");

    private async Task<string[]> RowsAsync(int call, string columns) => (await servers.ClickHouse.Query(
        $"SELECT {columns} FROM calltracker.sip_messages WHERE trn_id = '{TestCalls.IdOf(call)}' ORDER BY sequence"))
        .Split('\n');
}
