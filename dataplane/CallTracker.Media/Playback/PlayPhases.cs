namespace CallTracker.Media.Playback;

/// <summary>
/// Spreads the legs that play over the 20 ms between two frames, so that a thousand packets do not leave in one burst:
/// a list of legs for each millisecond, linked through their states. Owned by one player.
/// </summary>
internal sealed class PlayPhases(PlayState[] states)
{
    private readonly int[] _first = NewHeads();
    private readonly int[] _counts = new int[Player.FrameMs];

    /// <summary>Legs in all phases.</summary>
    public int Count { get; private set; }

    /// <summary>The first leg whose frames are due at a time; -1 for none.</summary>
    public int First(long dueMs) => _first[(int)(dueMs % Player.FrameMs)];

    /// <summary>Puts a leg into the emptiest phase; of equal ones the soonest after its beginning.</summary>
    public void Add(int leg, long beginMs)
    {
        var phase = (int)(beginMs % Player.FrameMs);
        for (var ahead = 1; ahead < Player.FrameMs; ahead++)
        {
            var other = (int)((beginMs + ahead) % Player.FrameMs);
            if (_counts[other] < _counts[phase]) phase = other;
        }
        ref var state = ref states[leg];
        (state.Phase, state.Previous, state.Next) = (phase, -1, _first[phase]);
        if (state.Next >= 0) states[state.Next].Previous = leg;
        _first[phase] = leg;
        _counts[phase]++;
        Count++;
    }

    public void Remove(int leg)
    {
        ref var state = ref states[leg];
        if (state.Previous >= 0) states[state.Previous].Next = state.Next;
        else _first[state.Phase] = state.Next;
        if (state.Next >= 0) states[state.Next].Previous = state.Previous;
        _counts[state.Phase]--;
        Count--;
    }

    /// <summary>The first time from <paramref name="fromMs"/> on at which some leg is due; only while there are
    /// any.</summary>
    public long NextDueMs(long fromMs)
    {
        while (First(fromMs) < 0) fromMs++;
        return fromMs;
    }

    private static int[] NewHeads()
    {
        var heads = new int[Player.FrameMs];
        Array.Fill(heads, -1);
        return heads;
    }
}
