using CallTracker.Calls.Routing;

namespace CallTracker.Simulation.Tests.World;

/// <summary>What the network and the node of a seed are like; drawn from the seed.</summary>
internal sealed class Terrain
{
    /// <param name="random">Draws all but the rest.</param>
    /// <param name="directTrunks">Trunks whose media goes past the node, as a sum: 1 the carrier's, 2, 4 the shops'.
    /// </param>
    public Terrain(Random random, int directTrunks)
    {
        DirectTrunks = directTrunks;
        var kind = random.Next(100);
        IsTight = kind is >= 80 and < 86;
        SendFailureRate = kind is >= 86 and < 91 ? 0.1 : 0;
        if (kind is >= 91 and < 96) EndAllMs = random.Next(30_000);
        if (kind >= 96) JournalFailsMs = random.Next(10_000);
        DelayMsMax = (random.Next(3)) switch { 0 => 40, 1 => 300, _ => 900 };
        CallCount = 1 + random.Next(3);
        StrangerCount = random.Next(3) == 0 ? random.Next(1, 8) : 0;
        LookupMs = random.Next(5) switch { 0 => random.Next(2_500), 1 => 1, _ => 0 };
        LosesLookups = LookupMs > 1 && random.Next(4) == 0;
        SilenceMsMax = random.Next(3) switch { 0 => 15_000, 1 => 40_000, _ => 0 };
        DurationMsMax = random.Next(4) == 0 ? 400_000 : 90_000;
        SessionSec = random.Next(3) switch { 0 => 0, 1 => 120, _ => 1_800 };
        Reliable = (ReliableProvisional)random.Next(3);
        HasSecondTrunk = random.Next(2) == 0;
        FollowsRedirects = random.Next(2) == 0;
        HasDigest = random.Next(3) == 0;
    }

    public static double LossRate => 0.1;

    public static double DuplicateRate => 0.1;

    public int DelayMsMax { get; }

    public int CallCount { get; }

    public int StrangerCount { get; }

    /// <summary>Pools of the node are so small that some calls find them empty.</summary>
    public bool IsTight { get; }

    /// <summary>Share of sends that the transport refuses.</summary>
    public double SendFailureRate { get; }

    /// <summary>When the node is told to stop; -1 for never.</summary>
    public int EndAllMs { get; } = -1;

    /// <summary>When the journal stops taking calls; -1 for never.</summary>
    public int JournalFailsMs { get; } = -1;

    /// <summary>How long a route look-up takes; 0 when every number is known.</summary>
    public int LookupMs { get; }

    /// <summary>Some look-ups are never answered.</summary>
    public bool LosesLookups { get; }

    /// <summary>
    /// The longest silence of media, 0 for any; as no media flows here, it ends every call that goes on longer.
    /// </summary>
    public int SilenceMsMax { get; }

    /// <summary>The longest call.</summary>
    public int DurationMsMax { get; }

    /// <summary>The trunks' session interval.</summary>
    public int SessionSec { get; }

    /// <summary>What the trunks think of reliable ringing.</summary>
    public ReliableProvisional Reliable { get; }

    /// <summary>Each shop can be reached by a second trunk, when the first fails.</summary>
    public bool HasSecondTrunk { get; }

    /// <summary>A shop's 302 is followed.</summary>
    public bool FollowsRedirects { get; }

    /// <summary>Shops challenge the node's requests.</summary>
    public bool HasDigest { get; }

    /// <summary>Trunks whose media goes past the node: 1 the carrier's, 2 the first shop's, 4 the second's.</summary>
    public int DirectTrunks { get; }

    /// <summary>True when nothing but the network is against the calls.</summary>
    public bool IsKind => !IsTight && SendFailureRate == 0;

    public override string ToString() =>
        $"delay {DelayMsMax} ms, {CallCount} calls, tight {IsTight}, send failures {SendFailureRate}, " +
        $"stop {EndAllMs}, journal {JournalFailsMs}, look-up {LookupMs} lost {LosesLookups}, silence {SilenceMsMax}, " +
        $"longest {DurationMsMax}, session {SessionSec}, reliable {Reliable}, second " +
        $"trunk {HasSecondTrunk}, redirects {FollowsRedirects}, digest {HasDigest}, " +
        $"direct {DirectTrunks}";
}
