using System.Text.Json;
using CallTracker.Backends.Redis;
using CallTracker.Contracts;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Tracing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// The orders to keep calls that are in force: read whole when the control plane tells of a change, and now and then in
/// case it did not come through. Without Redis those known go on until they expire. One task; any thread reads.
/// </summary>
internal sealed class TraceRequestFeed(RedisConnection redis, IBackendLog log) : IAsyncDisposable
{
    /// <summary>Orders that a node follows; the control plane allows no more in all.</summary>
    public const int CountMax = 1000;
    private const int PollMs = 5000;
    private const string ChangeKind = " trace ";
    private readonly SemaphoreSlim _told = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private TraceRequestRecord[] _current = [];
    private Task _loop = Task.CompletedTask;

    public TraceRequestRecord[] Current => Volatile.Read(ref _current);

    public void Start() => _loop = Task.Run(RunAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _told.Dispose();
    }

    private async Task RunAsync()
    {
        var isSubscribed = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!isSubscribed) await redis.SubscribeAsync(RedisKeys.ChangeChannel, OnMessage);
                isSubscribed = true;
                await ReloadAsync(_stop.Token);
                await _told.WaitAsync(PollMs, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RedisAwayException)
            {
                await PauseAsync();
            }
            catch (Exception e)
            {
                // The loop must outlive whatever was stored in Redis.
                log.Report(BackendEvent.TraceFailed, e.Message);
                await PauseAsync();
            }
        }
    }

    private async Task ReloadAsync(CancellationToken ct)
    {
        var requests = new List<TraceRequestRecord>();
        foreach (var (_, json) in await redis.GetHashAsync(RedisKeys.Traces, ct))
        {
            if (requests.Count < CountMax && TryRead(json) is { } request) requests.Add(request);
        }
        Volatile.Write(ref _current, [.. requests]);
    }

    private static TraceRequestRecord? TryRead(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractJson.Default.TraceRequestRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // message: 1234 trace abc
    private void OnMessage(string message)
    {
        if (!message.Contains(ChangeKind, StringComparison.Ordinal)) return;
        try
        {
            if (_told.CurrentCount == 0) _told.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Told twice at once, or while stopping: one reading is enough.
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(PollMs, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
