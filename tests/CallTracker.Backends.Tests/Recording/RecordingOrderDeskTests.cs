using System.Text.Json;
using System.Threading.Channels;
using CallTracker.Backends.Recording;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Tests.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>Orders for running recordings, as a node takes and answers them over a real Redis.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class RecordingOrderDeskTests(ClickHouseFixture servers)
{
    private static readonly string s_id = RecorderRig.TrnId(7);

    [Fact]
    public async Task Order_ForACallOfThisNode_IsCarriedOutAndAnswered()
    {
        var wishes = new List<RecordingWish>();
        await using var bench = await Bench.StartAsync(servers, (_, wish) =>
        {
            wishes.Add(wish);
            return new RecordingReply(RecordingReplyKind.Done, IsPaused: true);
        });
        await bench.PublishAsync(Order("1", RecordingAction.Pause) with { ClientId = "c1" });
        (await bench.AnswerAsync()).ShouldBe(new RecordingAnswerRecord
        {
            OrderId = "1",
            Result = RecordingOrderResult.Done,
            IsPaused = true,
        });
        var wish = wishes.ShouldHaveSingleItem();
        wish.Mark.ShouldBe(RecordingEntryKind.Pause);
        (wish.Owns(Of("op", "c1")), wish.Owns(Of("op", "c2")), wish.Owns(Of("other", "c1")))
            .ShouldBe((true, false, false));
        bench.Desk.Count(RecordingOrderResult.Done).ShouldBe(1);
    }

    [Fact]
    public async Task Orders_ThatAreNoneOrOfOtherNodes_AreLeftAlone()
    {
        await using var bench = await Bench.StartAsync(servers, (trnId, _) =>
            trnId == s_id ? new RecordingReply(RecordingReplyKind.NotRecorded) : null);
        await bench.PublishAsync("{");
        var blanks = new string(' ', RecordingOrderRecord.TextLengthMax);
        await bench.PublishAsync(blanks + Text(Order("long", RecordingAction.Pause)));
        await bench.PublishAsync(Order("else", RecordingAction.Pause) with { TrnId = RecorderRig.TrnId(8) });
        await bench.PublishAsync(Order("path", RecordingAction.Pause) with { TrnId = "../../operator.key" });
        await bench.PublishAsync(Order("none", RecordingAction.None));
        await bench.PublishAsync(Order("2", RecordingAction.Consent));
        var answer = await bench.AnswerAsync();
        (answer.OrderId, answer.Result).ShouldBe(("2", RecordingOrderResult.NotRecorded));
    }

    [Fact]
    public async Task Order_ThatMakesTrouble_LeavesTheNextAlone()
    {
        await using var bench = await Bench.StartAsync(servers, (_, wish) => wish.Mark == RecordingEntryKind.Pause
            ? throw new InvalidOperationException("trouble")
            : new RecordingReply(RecordingReplyKind.Unchanged));
        await bench.PublishAsync(Order("1", RecordingAction.Pause));
        await bench.PublishAsync(Order("2", RecordingAction.Resume));
        (await bench.AnswerAsync()).Result.ShouldBe(RecordingOrderResult.Unchanged);
        bench.Log.Has(BackendEvent.RecordingFailed).ShouldBeTrue();
    }

    private static RecordingOrderRecord Order(string id, RecordingAction action) =>
        new() { OrderId = id, TrnId = s_id, OperatorId = "op", Action = action };

    private static string Text(RecordingOrderRecord order) =>
        JsonSerializer.Serialize(order, ContractJson.Default.RecordingOrderRecord);

    private static Route Of(string operatorId, string clientId) => new()
    {
        Number = default,
        OperatorId = operatorId,
        Targets = [],
        Source = new RouteRecord { DinId = "0120", OperatorId = operatorId, ClientId = clientId, DialinId = "d" },
    };

    private sealed class Bench : IAsyncDisposable
    {
        private readonly Channel<RecordingAnswerRecord> _answers = Channel.CreateUnbounded<RecordingAnswerRecord>();
        private RedisConnection _redis = null!;

        public LogSink Log { get; } = new();
        public RecordingOrderDesk Desk { get; private set; } = null!;

        public static async Task<Bench> StartAsync(
            ClickHouseFixture servers, Func<string, RecordingWish, RecordingReply?> carryOut)
        {
            var bench = new Bench();
            // A machine that stands still for a moment is no Redis that is away.
            var options = new RedisOptions { Host = "127.0.0.1", Port = servers.Redis.Port, CommandTimeoutMs = 10_000 };
            bench._redis = await RedisConnection.ConnectAsync(options, bench.Log);
            await bench._redis.SubscribeAsync(RedisKeys.RecordingAnswers, text => bench._answers.Writer.TryWrite(
                JsonSerializer.Deserialize(text, ContractJson.Default.RecordingAnswerRecord)!));
            bench.Desk = new RecordingOrderDesk(
                bench._redis, (trnId, wish, _) => Task.FromResult(carryOut(trnId, wish)), bench.Log);
            bench.Desk.Start();
            await Eventually.IsTrue(async () => await bench.ListenersAsync() > 0, "the desk listens");
            return bench;
        }

        public Task PublishAsync(RecordingOrderRecord order) => PublishAsync(Text(order));

        public Task PublishAsync(string text) => _redis.ExecuteAsync("PUBLISH", [RedisKeys.RecordingOrders, text]);

        public async Task<RecordingAnswerRecord> AnswerAsync() =>
            await _answers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        public async ValueTask DisposeAsync()
        {
            await Desk.DisposeAsync();
            _redis.Dispose();
        }

        // What is no order is heard and left alone.
        private async Task<long> ListenersAsync() =>
            (long)await _redis.ExecuteAsync("PUBLISH", [RedisKeys.RecordingOrders, "?"]);
    }
}
