using CallTracker.Simulation.Tests.Verdicts;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests;

/// <summary>
/// Whole calls through the real engine over a network with 10 % loss, duplication and reordering, one world a seed.
/// <c>CALLTRACKER_SEEDS</c> sets how many, <c>CALLTRACKER_SEED</c> the first (alone, it runs just that one, with its
/// ladder).
/// </summary>
public sealed class SimulationTests
{
    private const int SeedsByDefault = 2_000;
    private const int LadderLinesMax = 400;

    [Fact]
    public void Calls_OverABadNetwork_EndWholeAndOnRecord()
    {
        var isSingle = TryRead("CALLTRACKER_SEED", out var first);
        if (!TryRead("CALLTRACKER_SEEDS", out var count)) count = isSingle ? 1 : SeedsByDefault;
        var tally = RunAll(first, count);
        TestContext.Current.TestOutputHelper!.WriteLine(tally.ToString());

        tally.Failures.ShouldBeEmpty();
        if (count < SeedsByDefault) return;
        // What never happens proves nothing: each way for a call to end was gone by many seeds.
        tally.OutcomesMissing().ShouldBeEmpty();
        tally.ReasonsMissing().ShouldBeEmpty();
        tally.DeedsMissing().ShouldBeEmpty();
    }

    [Fact]
    public void Seed_RunTwice_GivesTheSameLadder()
    {
        using var lane = new Lane();
        for (var seed = 0; seed < 20; seed++) LadderOf(seed, lane).ShouldBe(LadderOf(seed, lane));
    }

    private static List<string> LadderOf(int seed, Lane lane)
    {
        var ladder = new List<string>();
        new SimWorld(seed, lane, ladder).Run();
        return ladder;
    }

    private static Tally RunAll(int first, int count)
    {
        var tally = new Tally();
        var next = first - 1;
        var lanes = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => RunLane(ref next)));
        var threads = lanes.ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return tally;

        void RunLane(ref int last)
        {
            using var lane = new Lane();
            for (int seed; (seed = Interlocked.Increment(ref last)) < first + count;)
            {
                if (tally.IsFull) return;
                RunSeed(seed, lane, tally);
            }
        }
    }

    private static void RunSeed(int seed, Lane lane, Tally tally)
    {
        var world = new SimWorld(seed, lane);
        try
        {
            Judge(world);
            tally.Add(world);
        }
        catch (Exception exception)
        {
            tally.AddFailure(Explain(seed, exception));
            lane.Renew();
        }
    }

    private static void Judge(SimWorld world)
    {
        world.Run();
        Wholeness.Check(world);
        RecordVerdict.Check(world);
        PeerVerdict.Check(world);
    }

    // The seed runs once more, with its messages written down.
    private static string Explain(int seed, Exception exception)
    {
        using var lane = new Lane();
        var ladder = new List<string>();
        var world = new SimWorld(seed, lane, ladder);
        try
        {
            Judge(world);
            ladder.Add("The second run of the seed found nothing: it does not reproduce.");
        }
        catch (Exception again)
        {
            ladder.Add(again.Message);
        }
        var lines = string.Join('\n', ladder.TakeLast(LadderLinesMax));
        var records = string.Join('\n', world.Journal.Records);
        return $"CALLTRACKER_SEED={seed} ({world.Terrain}): {exception}\n{lines}\n{records}\n";
    }

    private static bool TryRead(string variable, out int value) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), null, out value);
}
