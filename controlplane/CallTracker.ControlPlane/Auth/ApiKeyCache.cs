using System.Collections.Concurrent;

namespace CallTracker.ControlPlane.Auth;

/// <summary>
/// Keys seen a moment ago, so that a busy client does not cost a Redis look-up per request. A revoked key works for at
/// most <see cref="LifeMs"/> longer on other instances. Bounded; any thread.
/// </summary>
internal sealed class ApiKeyCache(TimeProvider clock)
{
    public const int LifeMs = 2000;
    public const int EntriesMax = 10_000;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    public ApiKeyRecord? Find(string sha256) =>
        _entries.TryGetValue(sha256, out var entry) && clock.GetElapsedTime(entry.Stamp).TotalMilliseconds < LifeMs
            ? entry.Key
            : null;

    public void Keep(string sha256, ApiKeyRecord key)
    {
        // Emptying at the bound is cheap and rare: everything in here is at most seconds old and found again.
        if (_entries.Count >= EntriesMax) _entries.Clear();
        _entries[sha256] = new Entry(key, clock.GetTimestamp());
    }

    public void Forget(string sha256) => _entries.TryRemove(sha256, out _);

    private readonly record struct Entry(ApiKeyRecord Key, long Stamp);
}
