using StackExchange.Redis;

namespace CallTracker.Backends.Redis;

/// <summary>
/// The one class that knows the Redis package: a connection that is always there, reconnects by itself, and whose every
/// command ends within the command time-out by an answer or by <see cref="RedisAwayException"/>. Any thread.
/// </summary>
public sealed class RedisConnection : IDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly TimeSpan _commandTimeout;
    private readonly IBackendLog _log;
    private int _isLost;

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisOptions options, IBackendLog log)
    {
        _multiplexer = multiplexer;
        _commandTimeout = TimeSpan.FromMilliseconds(options.CommandTimeoutMs);
        _log = log;
        multiplexer.ConnectionFailed += (_, e) => OnFailed(e.FailureType.ToString());
        multiplexer.ConnectionRestored += (_, e) => OnRestored(e.ConnectionType);
    }

    /// <summary>Told each time a lost connection is back; what was published meanwhile was missed.</summary>
    public event Action? Restored;

    public bool IsConnected => _multiplexer.IsConnected;

    /// <summary>Connects, or goes on trying in the background when Redis is away.</summary>
    public static async Task<RedisConnection> ConnectAsync(RedisOptions options, IBackendLog log)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectTimeout = options.ConnectTimeoutMs,
            SyncTimeout = options.CommandTimeoutMs,
            ResponseTimeout = options.CommandTimeoutMs * 2,
            KeepAlive = options.KeepAliveSec,
            ReconnectRetryPolicy = new LinearRetry(500),
            ClientName = "calltracker-node",
        };
        if (options.Password.Length > 0) configuration.Password = options.Password;
        configuration.EndPoints.Add(options.Host, options.Port);
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        return new RedisConnection(multiplexer, options, log);
    }

    public async Task<byte[]?> GetAsync(string key, CancellationToken ct = default) =>
        await Limit(d => d.StringGetAsync(key), ct);

    public async Task<IReadOnlyList<KeyValuePair<string, byte[]>>> GetHashAsync(
        string key, CancellationToken ct = default)
    {
        var entries = await Limit(d => d.HashGetAllAsync(key), ct);
        return Array.ConvertAll(entries, e => new KeyValuePair<string, byte[]>(e.Name!, e.Value!));
    }

    /// <summary>Runs a Lua script; the server caches it by its digest.</summary>
    public Task<RedisResult> ScriptAsync(
        string script, IReadOnlyList<string> keys, IReadOnlyList<string> values, CancellationToken ct = default)
    {
        var redisKeys = keys.Select(k => (RedisKey)k).ToArray();
        var redisValues = values.Select(v => (RedisValue)v).ToArray();
        return Limit(d => d.ScriptEvaluateAsync(script, redisKeys, redisValues), ct);
    }

    /// <summary>A command that the package has no method for (streams).</summary>
    public Task<RedisResult> ExecuteAsync(
        string command, IReadOnlyList<string> arguments, CancellationToken ct = default) =>
        Limit(d => d.ExecuteAsync(command, [.. arguments]), ct);

    /// <summary>Calls <paramref name="onMessage"/> in order for each message, again after every reconnection.</summary>
    public async Task SubscribeAsync(string channel, Action<string> onMessage)
    {
        try
        {
            var subscriber = _multiplexer.GetSubscriber();
            await subscriber.SubscribeAsync(channel, (_, message) => onMessage(message!)).WaitAsync(_commandTimeout);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new RedisAwayException(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _multiplexer.Dispose();

    private async Task<T> Limit<T>(Func<IDatabase, Task<T>> command, CancellationToken ct)
    {
        try
        {
            return await command(_multiplexer.GetDatabase()).WaitAsync(_commandTimeout, ct);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new RedisAwayException(e);
        }
    }

    // A server that is loading its data or has lost its master answers, but with nothing that could be used.
    private static bool IsAway(Exception e) =>
        e is RedisException or TimeoutException or ObjectDisposedException or TaskCanceledException
        && e is not OperationCanceledException { CancellationToken.IsCancellationRequested: true };

    private void OnFailed(string why)
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0) _log.Report(BackendEvent.RedisLost, why);
    }

    private void OnRestored(ConnectionType type)
    {
        if (Interlocked.Exchange(ref _isLost, 0) == 1) _log.Report(BackendEvent.RedisBack, type.ToString());
        Restored?.Invoke();
    }
}
