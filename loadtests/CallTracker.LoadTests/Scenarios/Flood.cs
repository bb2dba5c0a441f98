using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>Calls at a rate by SIPp, to a node that may refuse them, and what became of them.</summary>
internal sealed class Flood
{
    // The seconds in which admission learns the load are left out: they are the recovery's counterpart.
    private const int LearningSec = 3;
    private const int WindowSec = 10;
    private const double OfferedShareMin = 0.97;

    private Flood(double rate, SippResult result)
    {
        Result = result;
        // Target rates are told to a tenth.
        var placing = result.Seconds.Where(second => Math.Abs(second.TargetRate - rate) < 0.1 && second.Placed > 0);
        // The last line of a rate may hold a part of another, or only calls that end.
        Steady = [.. placing.Skip(LearningSec).SkipLast(1)];
    }

    public SippResult Result { get; }

    /// <summary>The seconds that count.</summary>
    public IReadOnlyList<SippSecond> Steady { get; }

    /// <summary>Calls answered a second.</summary>
    public double Goodput => PerSec(Steady, second => second.Answered);

    /// <summary>Calls placed a second.</summary>
    public double Offered => PerSec(Steady, second => second.Placed);

    public double Refused => PerSec(Steady, second => second.Refused);

    public int Failed => Steady.Sum(second => second.Failed);

    /// <summary>The worst ten seconds in a row; all where there are fewer.</summary>
    public double WorstGoodput => Enumerable.Range(0, Math.Max(1, Steady.Count - WindowSec + 1))
        .Min(first => PerSec(Steady.Skip(first).Take(WindowSec), second => second.Answered));

    /// <summary>Places calls at a rate for a while, and then, in the same run, at another.</summary>
    public static async Task<Flood> RunAsync(
        ScenarioContext context, double rate, int secs, double thenRate = 0, int thenSecs = 0)
    {
        rate = Math.Round(rate, 1);
        var folder = Directory.CreateTempSubdirectory("calltracker-flood-").FullName;
        var count = (int)((rate * secs) + (thenRate * thenSecs));
        var plan = context.Plan(count, rate, context.Options.HoldMs);
        var change = thenSecs == 0 ? null : new RateChange(secs, thenRate, context.Product.SippControl);
        var result = await new SippPair(plan, folder, context.Options.HasRtp, "flood.xml").RunAsync(change);
        // What SIPp did not expect is in its error file.
        if (result.Failed == 0) Directory.Delete(folder, recursive: true);
        else await Console.Error.WriteLineAsync($"kept: {folder}");
        var flood = new Flood(rate, result);
        // Nothing placed proves nothing: an empty run must not pass for one without refusals.
        if (flood.Steady.Sum(second => second.Answered + second.Refused) == 0)
            throw new LoadTestException($"at {rate:F0} calls/s SIPp counted neither answers nor refusals");
        if (flood.Offered < rate * OfferedShareMin)
            throw new LoadTestException($"SIPp placed {flood.Offered:F0} calls/s where {rate:F0} were to be offered");
        return flood;
    }

    private static double PerSec(IEnumerable<SippSecond> seconds, Func<SippSecond, double> what)
    {
        var (sum, lasts) = (0.0, 0.0);
        foreach (var second in seconds) (sum, lasts) = (sum + what(second), lasts + second.LastsSec);
        return lasts > 0 ? sum / lasts : 0;
    }
}
