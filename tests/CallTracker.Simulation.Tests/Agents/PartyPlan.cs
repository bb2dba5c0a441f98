namespace CallTracker.Simulation.Tests.Agents;

/// <summary>What a party of either side will do in its dialog; drawn from the seed, fixed before it starts.</summary>
internal class PartyPlan
{
    public PartyPlan(Random random)
    {
        SkipsAck = Chance(random, 4);
        AnswersRequests = !Chance(random, 10);
        ReinviteAnswer = random.Next(10) switch { 0 => 488, 1 => 500, 2 => 0, 3 => 486, _ => 200 };
        ReinviteDelayMs = random.Next(3_000);
        TriesReinvite = Chance(random, 60);
        HasReliable = Chance(random, 40);
        SkipsPrack = Chance(random, 4);
        HasTimer = Chance(random, 50);
        ForgetsRefresh = Chance(random, 20);
        CancelReinviteMs = Chance(random, 20) ? random.Next(3_000) : -1;
        // Some do everything at once, so that exchanges cross and overtake each other.
        var talkMs = random.Next(Chance(random, 25) ? 1_500 : 25_000);
        ReinviteDelayMs = Chance(random, 40) ? 1 : ReinviteDelayMs;
        for (var left = random.Next(4); left > 0; left--)
            Moves.Add((random.Next(talkMs + 1_000), (PartyMove)random.Next(1, (int)PartyMove.Die)));
        // The rest waits for the other side, for the media watch or for the longest duration.
        if (Chance(random, 60)) Moves.Add((talkMs, PartyMove.HangUp));
        if (Chance(random, 5)) Moves.Add((random.Next(talkMs + 1_000), PartyMove.Die));
    }

    /// <summary>Milliseconds after the answer, and what is done then.</summary>
    public List<(int DelayMs, PartyMove Move)> Moves { get; } = [];

    /// <summary>It never acknowledges a 2xx.</summary>
    public bool SkipsAck { get; }

    /// <summary>It answers INFO and OPTIONS.</summary>
    public bool AnswersRequests { get; }

    /// <summary>Status it gives a re-INVITE; 0 for none at all.</summary>
    public int ReinviteAnswer { get; }

    public int ReinviteDelayMs { get; }

    /// <summary>It knows reliable provisional responses (RFC 3262).</summary>
    public bool HasReliable { get; }

    /// <summary>It does not acknowledge those it gets.</summary>
    public bool SkipsPrack { get; }

    /// <summary>It knows session timers (RFC 4028).</summary>
    public bool HasTimer { get; }

    /// <summary>It took on to refresh the session, and does not.</summary>
    public bool ForgetsRefresh { get; }

    /// <summary>When it cancels a re-INVITE of its own; -1 for never.</summary>
    public int CancelReinviteMs { get; }

    /// <summary>It sends 100 to a re-INVITE.</summary>
    public bool TriesReinvite { get; }

    /// <summary>True in so many of a hundred cases.</summary>
    protected static bool Chance(Random random, int percent) => random.Next(100) < percent;
}
