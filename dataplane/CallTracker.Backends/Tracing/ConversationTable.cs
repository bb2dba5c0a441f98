namespace CallTracker.Backends.Tracing;

/// <summary>
/// Which messages of a ring belong together, and to which call. Bounded: what is wholly overwritten is forgotten, and
/// beyond the limit the oldest, whatever it is. Owned by the collector's task.
/// </summary>
internal sealed class ConversationTable(int countMax)
{
    // Looked at per turn beyond what was added, so that the table shrinks again.
    private const int SweepMin = 64;
    private readonly Dictionary<ulong, Conversation> _byKey = [];
    private readonly Dictionary<string, TracedCall> _calls = new(StringComparer.Ordinal);
    private readonly Queue<Conversation> _byAge = new();
    private int _addedCount;

    public int Count => _byKey.Count;

    public int CallCount => _calls.Count;

    /// <summary>Adds a message to its conversation.</summary>
    public void Note(ulong key, long position) => FindOrAdd(key).Add(position);

    /// <summary>Tells whose a conversation is.</summary>
    public void Bind(ulong key, string trnId, byte attempt)
    {
        var conversation = FindOrAdd(key);
        // A Call-ID that a peer uses again belongs to its newest call; the old one's messages stay with the old one.
        if (conversation.Call is { } other && other.TrnId != trnId) conversation = Replace(conversation);
        if (conversation.Call is not null) return;
        if (!_calls.TryGetValue(trnId, out var call)) _calls[trnId] = call = new TracedCall(trnId);
        (conversation.Call, conversation.Attempt) = (call, attempt);
        call.Conversations.Add(conversation);
    }

    public Conversation? Find(ulong key) => _byKey.GetValueOrDefault(key);

    /// <summary>The calls known, up or ended.</summary>
    public IEnumerable<TracedCall> Calls => _calls.Values;

    public TracedCall? FindCall(string trnId) => _calls.GetValueOrDefault(trnId);

    /// <summary>Forgets a call and its conversations.</summary>
    public void Release(TracedCall call)
    {
        foreach (var conversation in call.Conversations) Forget(conversation);
        _calls.Remove(call.TrnId);
    }

    /// <summary>
    /// Forgets what stands wholly before <paramref name="oldest"/> and belongs to no call that is up.
    /// </summary>
    public void Sweep(long oldest)
    {
        for (var left = _addedCount + SweepMin; left > 0 && _byAge.TryDequeue(out var conversation); left--)
        {
            if (conversation.IsForgotten) continue;
            if (Count > countMax) ForgetWhole(conversation);
            else if (conversation.Call is null && conversation.LastPosition < oldest) Forget(conversation);
            else _byAge.Enqueue(conversation);
        }
        _addedCount = 0;
    }

    private Conversation FindOrAdd(ulong key)
    {
        if (_byKey.TryGetValue(key, out var known)) return known;
        return Add(key);
    }

    private Conversation Add(ulong key)
    {
        var conversation = new Conversation(key);
        _byKey[key] = conversation;
        _byAge.Enqueue(conversation);
        _addedCount++;
        return conversation;
    }

    // The INVITE that opened the new call was noted just before; it goes with the new conversation.
    private Conversation Replace(Conversation old)
    {
        var fresh = Add(old.Key);
        if (old.Positions.Count == 0) return fresh;
        fresh.Add(old.LastPosition);
        old.RemoveLast();
        return fresh;
    }

    private void ForgetWhole(Conversation conversation)
    {
        if (conversation.Call is { } call) Release(call);
        else Forget(conversation);
    }

    private void Forget(Conversation conversation)
    {
        conversation.IsForgotten = true;
        if (_byKey.TryGetValue(conversation.Key, out var present) && present == conversation)
            _byKey.Remove(conversation.Key);
    }
}
