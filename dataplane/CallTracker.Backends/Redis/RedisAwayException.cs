namespace CallTracker.Backends.Redis;

/// <summary>Redis gave no usable answer in time. Thrown by <see cref="RedisConnection"/> only.</summary>
public sealed class RedisAwayException(Exception cause) : Exception("Redis is away: " + cause.GetType().Name, cause);
