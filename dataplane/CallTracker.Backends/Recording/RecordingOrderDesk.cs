using System.Text.Json;
using System.Threading.Channels;
using CallTracker.Backends.Redis;
using CallTracker.Calls.Recording;
using CallTracker.Contracts;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Takes the control plane's orders for recordings of calls that are up here and answers them. Orders come over a
/// Redis channel to all nodes; those for other nodes' calls are left alone. What finds no place is not answered, and
/// the control plane says so. One task, and a few orders at a time.
/// </summary>
public sealed class RecordingOrderDesk : IAsyncDisposable
{
    /// <summary>Orders that may wait.</summary>
    public const int WaitingMax = 256;
    private const int AtATimeMax = 8;
    private const int RetryMs = 500;
    private readonly RedisConnection _redis;
    private readonly Func<string, RecordingWish, CancellationToken, Task<RecordingReply?>> _carryOut;
    private readonly IBackendLog _log;
    private readonly Channel<RecordingOrderRecord> _orders = Channel.CreateBounded<RecordingOrderRecord>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _results = new long[(int)RecordingOrderResult.Busy + 1];
    private Task _loop = Task.CompletedTask;

    /// <param name="redis">Where orders come from and answers go.</param>
    /// <param name="carryOut">
    /// Has the worker of a call (by its id) do it; null when the id is not one of this node's.
    /// </param>
    /// <param name="log">Where faults are told.</param>
    public RecordingOrderDesk(
        RedisConnection redis, Func<string, RecordingWish, CancellationToken, Task<RecordingReply?>> carryOut,
        IBackendLog log) => (_redis, _carryOut, _log) = (redis, carryOut, log);

    /// <summary>Orders answered since start; any thread.</summary>
    public long Count(RecordingOrderResult result) => Volatile.Read(ref _results[(int)result]);

    public void Start() => _loop = Task.Run(RunAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Reads an order; null for what is none. Tests use it too.</summary>
    internal static RecordingOrderRecord? TryRead(string text)
    {
        if (text.Length > RecordingOrderRecord.TextLengthMax) return null;
        try
        {
            var order = JsonSerializer.Deserialize(text, ContractJson.Default.RecordingOrderRecord);
            return order is not null && RecordingFormat.IsTrnId(order.TrnId) && MarkOf(order.Action) is not null
                ? order
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await SubscribeAsync();
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtATimeMax, CancellationToken = _stop.Token };
            await Parallel.ForEachAsync(_orders.Reader.ReadAllAsync(_stop.Token), options, TakeAsync);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The node ends; who asked hears nothing and finds the call ended.
        }
    }

    private async Task SubscribeAsync()
    {
        while (true)
        {
            try
            {
                await _redis.SubscribeAsync(RedisKeys.RecordingOrders, OnMessage);
                return;
            }
            catch (RedisAwayException)
            {
                await Task.Delay(RetryMs, _stop.Token);
            }
        }
    }

    private void OnMessage(string text)
    {
        if (TryRead(text) is { } order) _orders.Writer.TryWrite(order);
    }

    private async ValueTask TakeAsync(RecordingOrderRecord order, CancellationToken ct)
    {
        try
        {
            var wish = new RecordingWish(MarkOf(order.Action)!.Value, route => Owns(order, route.Source));
            if (await _carryOut(order.TrnId, wish, ct) is { } reply) await AnswerAsync(order, reply, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Redis is away, or the order made trouble: the next one is taken, and asking again is harmless.
            _log.Report(BackendEvent.RecordingFailed, e.Message);
        }
    }

    private async Task AnswerAsync(RecordingOrderRecord order, RecordingReply reply, CancellationToken ct)
    {
        var answer = new RecordingAnswerRecord
        {
            OrderId = order.OrderId,
            Result = ResultOf(reply.Kind),
            IsPaused = reply.IsPaused,
            HasConsent = reply.HasConsent,
        };
        Interlocked.Increment(ref _results[(int)answer.Result]);
        var text = JsonSerializer.Serialize(answer, ContractJson.Default.RecordingAnswerRecord);
        await _redis.ExecuteAsync("PUBLISH", [RedisKeys.RecordingAnswers, text], ct);
    }

    private static bool Owns(RecordingOrderRecord order, object? source) =>
        source is RouteRecord route && route.OperatorId == order.OperatorId
        && (order.ClientId is null || route.ClientId == order.ClientId);

    private static RecordingEntryKind? MarkOf(RecordingAction action) => action switch
    {
        RecordingAction.Pause => RecordingEntryKind.Pause,
        RecordingAction.Resume => RecordingEntryKind.Resume,
        RecordingAction.Consent => RecordingEntryKind.Consent,
        _ => null,
    };

    private static RecordingOrderResult ResultOf(RecordingReplyKind kind) => kind switch
    {
        RecordingReplyKind.Done => RecordingOrderResult.Done,
        RecordingReplyKind.Unchanged => RecordingOrderResult.Unchanged,
        RecordingReplyKind.NotAnswered => RecordingOrderResult.NotAnswered,
        RecordingReplyKind.NotRecorded => RecordingOrderResult.NotRecorded,
        RecordingReplyKind.Failed => RecordingOrderResult.Failed,
        RecordingReplyKind.Busy => RecordingOrderResult.Busy,
        _ => RecordingOrderResult.Absent,
    };
}
