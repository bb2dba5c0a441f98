namespace CallTracker.Backends.Redis;

/// <summary>Where Redis is and how long anything may take. Immutable.</summary>
public sealed record RedisOptions
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public string Password { get; init; } = "";
    /// <summary>How long one connection attempt may take.</summary>
    public int ConnectTimeoutMs { get; init; } = 1000;
    /// <summary>How long one command may take before Redis counts as away for it.</summary>
    public int CommandTimeoutMs { get; init; } = 1000;
    public int KeepAliveSec { get; init; } = 2;
}
