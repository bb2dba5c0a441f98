namespace CallTracker.Simulation.Tests.Agents;

/// <summary>What a caller will do until it is answered.</summary>
internal sealed class CallerPlan : PartyPlan
{
    public CallerPlan(Random random)
        : base(random)
    {
        StartMs = random.Next(4_000);
        IsLateOffer = Chance(random, 15);
        if (Chance(random, 25)) CancelMs = random.Next(12_000);
        EndsEarlyWithBye = Chance(random, 10);
        if (Chance(random, 4)) DieMs = random.Next(12_000);
        Fault = Chance(random, 5) ? random.Next(1, 5) : 0;
        IsWrongNumber = Chance(random, 4);
    }

    public int StartMs { get; }

    /// <summary>Its INVITE has no SDP.</summary>
    public bool IsLateOffer { get; }

    /// <summary>When it loses patience; -1 for never.</summary>
    public int CancelMs { get; } = -1;

    /// <summary>It gives up with BYE in the early dialog instead of CANCEL (RFC 3261 section 15).</summary>
    public bool EndsEarlyWithBye { get; }

    /// <summary>When it vanishes; -1 for never.</summary>
    public int DieMs { get; } = -1;

    /// <summary>What is wrong with its INVITE; 0 for nothing.</summary>
    public int Fault { get; }

    public bool IsWrongNumber { get; }
}
