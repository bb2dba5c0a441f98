using StackExchange.Redis;

namespace CallTracker.ControlPlane.Store;

/// <summary>
/// The one class that touches StackExchange.Redis, so that another version of it is a change in one place. Owns the
/// connection, which is opened on first use and comes back by itself; any thread. Every call ends within
/// <see cref="TimeoutMs"/>: version 1.2.6 has no time-outs of its own for asynchronous operations.
/// </summary>
internal sealed class RedisStore : IAsyncDisposable
{
    public const int TimeoutMs = 2000;
    private readonly string _address;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ConnectionMultiplexer? _connection;

    public RedisStore(string address) => _address = address;

    public bool IsConnected => _connection is { IsConnected: true };

    public Task<string?> HashGetAsync(string key, string field) =>
        RunAsync(async db => (string?)await db.HashGetAsync(key, field));

    public Task<string?[]> HashGetAsync(string key, IReadOnlyList<string> fields) => fields.Count == 0
        ? Task.FromResult(Array.Empty<string?>())
        : RunAsync(async db =>
        {
            var values = await db.HashGetAsync(key, [.. fields.Select(f => (RedisValue)f)]);
            return Array.ConvertAll(values, v => (string?)v);
        });

    public Task<KeyValuePair<string, string>[]> HashGetAllAsync(string key) => RunAsync(async db =>
        Array.ConvertAll(await db.HashGetAllAsync(key), e => KeyValuePair.Create((string)e.Name!, (string)e.Value!)));

    public Task<long> HashLengthAsync(string key) => RunAsync(db => db.HashLengthAsync(key));

    public Task HashDeleteAsync(string key, string field) => RunAsync(db => db.HashDeleteAsync(key, field));

    public Task<string?> GetAsync(string key) => RunAsync(async db => (string?)await db.StringGetAsync(key));

    public Task<string[]> SetMembersAsync(string key) =>
        RunAsync(async db => Array.ConvertAll(await db.SetMembersAsync(key), v => (string)v!));

    /// <summary>At most <paramref name="count"/> members after <paramref name="after"/>, in byte order.</summary>
    public Task<string[]> PageAsync(string key, string after, int count) => RunAsync(async db =>
    {
        RedisValue min = after.Length == 0 ? default : (RedisValue)after;
        var ids = await db.SortedSetRangeByValueAsync(key, min, default, Exclude.Start, 0, count);
        return Array.ConvertAll(ids, v => (string)v!);
    });

    /// <summary>Runs a Lua script atomically and returns its (flat) answer as texts.</summary>
    public Task<string[]> ScriptAsync(string script, string[] keys, string[] arguments) => RunAsync(async db =>
    {
        var answer = await db.ScriptEvaluateAsync(script, Array.ConvertAll(keys, k => (RedisKey)k),
            Array.ConvertAll(arguments, a => (RedisValue)a));
        return Array.ConvertAll((RedisValue[])answer!, v => (string)v!);
    });

    /// <summary>Publishes a message; how many subscribers of the server that was asked got it.</summary>
    public Task<long> PublishAsync(string channel, string message) => RunAsync(db => db.PublishAsync(channel, message));

    /// <summary>Calls <paramref name="onMessage"/> for each message, again after every reconnection.</summary>
    public Task SubscribeAsync(string channel, Action<string> onMessage) => RunAsync(async db =>
    {
        await db.Multiplexer.GetSubscriber().SubscribeAsync(channel, (_, message) => onMessage(message!));
        return true;
    });

    /// <summary>True when Redis answers.</summary>
    public async Task<bool> PingAsync()
    {
        try
        {
            await RunAsync(db => db.PingAsync());
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.CloseAsync(allowCommandsToComplete: false);
        _connection?.Dispose();
        _gate.Dispose();
    }

    private async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> operation)
    {
        try
        {
            var connection = _connection ?? await ConnectAsync();
            return await operation(connection.GetDatabase()).WaitAsync(TimeSpan.FromMilliseconds(TimeoutMs));
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw new StoreUnavailableException("Redis does not answer.", e);
        }
    }

    // LOADING, READONLY, MASTERDOWN and CLUSTERDOWN are states of the server that pass.
    private static bool IsUnavailable(Exception e) => e is RedisConnectionException or TimeoutException
        or ObjectDisposedException || (e is RedisServerException && IsPassingState(e.Message));

    private static bool IsPassingState(string message) =>
        message.StartsWith("LOADING", StringComparison.Ordinal)
            || message.StartsWith("READONLY", StringComparison.Ordinal)
        || message.StartsWith("MASTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal);

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(Configuration());
        }
        finally
        {
            _gate.Release();
        }
    }

    private ConfigurationOptions Configuration()
    {
        var options = ConfigurationOptions.Parse(_address);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = TimeoutMs;
        options.SyncTimeout = TimeoutMs;
        options.ResponseTimeout = TimeoutMs * 2;
        options.KeepAlive = 10;
        options.ClientName = "calltracker-controlplane";
        return options;
    }
}
