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
        RequiresReliable = HasReliable && Chance(random, 20);
        SessionSec = !HasTimer ? 0 : random.Next(4) switch { 0 => 0, 1 => 60, 2 => 120, _ => 1_800 };
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

    /// <summary>It takes no provisional response but a reliable one.</summary>
    public bool RequiresReliable { get; }

    /// <summary>The session interval it asks for; 0 for none.</summary>
    public int SessionSec { get; }

    public bool IsWrongNumber { get; }
}
