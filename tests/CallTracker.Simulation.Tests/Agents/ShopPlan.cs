namespace CallTracker.Simulation.Tests.Agents;

/// <summary>What a shop does when it is called.</summary>
internal sealed class ShopPlan : PartyPlan
{
    private static readonly int[] Refusals = [486, 603, 480, 503, 404, 302, 401, 488, 408, 487, 500, 420];

    public ShopPlan(Random random)
        : base(random)
    {
        IsSilent = Chance(random, 8);
        OnlyTries = !IsSilent && Chance(random, 4);
        SendsTrying = Chance(random, 70);
        RingMs = Chance(random, 80) ? random.Next(1_500) : -1;
        HasEarlyMedia = Chance(random, 30);
        RingsAgainMs = Chance(random, 30) ? random.Next(2_000, 5_000) : -1;
        FinalMs = Chance(random, 85) ? random.Next(9_000) : -1;
        FinalCode = Chance(random, 70) ? 200 : Refusals[random.Next(Refusals.Length)];
        AnswersWithout = Chance(random, 4) ? random.Next(1, 3) : 0;
        IgnoresCancel = Chance(random, 8);
        SessionSec = !HasTimer ? 0 : random.Next(3) switch { 0 => 0, 1 => 100, _ => 1_800 };
        MinSessionSec = HasTimer && Chance(random, 20) ? 150 : 0;
        RepeatsSdp = Chance(random, 50);
        Challenges = Chance(random, 50);
        ForkAnswerMs = Chance(random, 6) ? random.Next(9_000) : -1;
    }

    /// <summary>It never answers anything.</summary>
    public bool IsSilent { get; }

    /// <summary>100 is all that ever comes.</summary>
    public bool OnlyTries { get; }

    public bool SendsTrying { get; }

    /// <summary>When it rings; -1 for never.</summary>
    public int RingMs { get; }

    /// <summary>Its 18x is a 183 with SDP.</summary>
    public bool HasEarlyMedia { get; }

    /// <summary>When a second 18x comes, of the other kind; -1 for never.</summary>
    public int RingsAgainMs { get; }

    /// <summary>When it answers or refuses; -1 for never.</summary>
    public int FinalMs { get; }

    public int FinalCode { get; }

    /// <summary>1: its 200 has no SDP; 2: it has one without audio.</summary>
    public int AnswersWithout { get; }

    /// <summary>A CANCEL gets its 200, and the call goes on as if none had come.</summary>
    public bool IgnoresCancel { get; }

    /// <summary>The session interval it accepts at most; 0 leaves it to the caller.</summary>
    public int SessionSec { get; }

    /// <summary>It refuses shorter intervals with 422; 0 for none.</summary>
    public int MinSessionSec { get; }

    /// <summary>Its 2xx has the description again that a reliable 18x had.</summary>
    public bool RepeatsSdp { get; }

    /// <summary>It wants credentials of the INVITE and of what comes in the dialog, where its trunk has any.</summary>
    public bool Challenges { get; }

    /// <summary>When a second branch of a forking proxy answers as well; -1 for never.</summary>
    public int ForkAnswerMs { get; }
}
