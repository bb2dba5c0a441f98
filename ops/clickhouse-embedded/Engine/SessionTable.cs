namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>Named sessions, at most <see cref="ServerLimits.SessionsMax"/>. Thread-safe by a lock.</summary>
internal sealed class SessionTable(EngineHost engine, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _idle = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private long NowMs => clock.GetTimestamp() * 1000L / clock.TimestampFrequency;

    /// <summary>Gives out the session, made when it is new and <paramref name="mustExist"/> is not set.</summary>
    public Session? TryTake(string id, int timeoutSec, bool mustExist, out EngineError? error)
    {
        RemoveExpired();
        lock (_lock)
        {
            error = null;
            if (_taken.Contains(id))
                error = EngineErrors.SessionLocked;
            else if (_idle.Remove(id, out var session))
                return Taken(id, session);
            else if (mustExist)
                error = EngineErrors.SessionNotFound;
            else if (_idle.Count + _taken.Count >= ServerLimits.SessionsMax)
                error = EngineErrors.SessionsFull;
            return error is null ? Taken(id, new Session(engine, timeoutSec)) : null;
        }
    }

    public void Return(string id, Session session)
    {
        session.Touch(NowMs);
        lock (_lock)
        {
            _taken.Remove(id);
            _idle[id] = session;
        }
    }

    /// <summary>Closes what nobody has used for its time. Called by a timer and before each new session.</summary>
    public void RemoveExpired() => RemoveWhere(session => session.ExpiresAtMs <= NowMs);

    public void Dispose() => RemoveWhere(_ => true);

    private Session Taken(string id, Session session)
    {
        _taken.Add(id);
        return session;
    }

    private void RemoveWhere(Predicate<Session> condition)
    {
        var removed = new List<Session>();
        lock (_lock)
        {
            foreach (var (id, session) in _idle)
            {
                if (condition(session) && _idle.Remove(id))
                    removed.Add(session);
            }
        }

        foreach (var session in removed)
            session.Dispose();
    }
}
