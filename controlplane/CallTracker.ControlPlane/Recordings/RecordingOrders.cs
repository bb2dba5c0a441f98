using System.Collections.Concurrent;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Redis;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// Sends orders for recordings of running calls to the nodes and waits for the answer of the one that has the call. Any
/// thread.
/// </summary>
internal sealed class RecordingOrders(RedisStore redis) : IDisposable
{
    /// <summary>Orders that may wait for their answers; beyond, they are refused.</summary>
    public const int WaitingMax = 256;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RecordingAnswerRecord>> _waiting =
        new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _isSubscribed;
    private int _count;

    /// <summary>
    /// Has an order carried out. Null when no node answers: none that is up has the call, or it has no time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis is away, or no node listens.</exception>
    public async Task<RecordingAnswerRecord?> SendAsync(RecordingOrderRecord order, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _count) > WaitingMax)
        {
            Interlocked.Decrement(ref _count);
            return new RecordingAnswerRecord { OrderId = order.OrderId, Result = RecordingOrderResult.Busy };
        }
        var answer = new TaskCompletionSource<RecordingAnswerRecord>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[order.OrderId] = answer;
        try
        {
            if (!_isSubscribed) await SubscribeAsync();
            var text = JsonSerializer.Serialize(order, ContractJson.Default.RecordingOrderRecord);
            if (await redis.PublishAsync(RedisKeys.RecordingOrders, text) == 0)
                throw new StoreUnavailableException("No node listens for orders.");
            return await answer.Task.WaitAsync(TimeSpan.FromMilliseconds(RecordingOrderRecord.TimeoutMs), ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(order.OrderId, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // On the first order: a control plane that is never asked need not listen.
    private async Task SubscribeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!_isSubscribed) await redis.SubscribeAsync(RedisKeys.RecordingAnswers, OnMessage);
            _isSubscribed = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void OnMessage(string text)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(text, ContractJson.Default.RecordingAnswerRecord);
            // Those of other control planes are not known here.
            if (answer is not null && _waiting.TryGetValue(answer.OrderId, out var waiting))
                waiting.TrySetResult(answer);
        }
        catch (JsonException)
        {
            // From a version that speaks otherwise; whoever waits hears that nobody answered.
        }
    }
}
