using System.Globalization;

namespace CallTracker.Benchmarks.Gate;

/// <summary>
/// Judges results: bytes beyond the budget fail, times beyond the reference warn. Times are compared after scaling by
/// the yardstick, so that a slower machine does not look like slower code. Used once, by one thread.
/// </summary>
internal sealed class GateVerdict(IReadOnlyDictionary<string, long> budgets, IReadOnlyDictionary<string, double> times)
{
    /// <summary>A quick run on a shared machine swings by half; only more is worth a look.</summary>
    private const double SlowerFactorMax = 2.0;
    private const string Control = $"{nameof(ControlBenchmarks)}.{nameof(ControlBenchmarks.OneObject)}";
    private const string Yardstick = $"{nameof(ControlBenchmarks)}.{nameof(ControlBenchmarks.Yardstick)}";

    public List<string> Lines { get; } = [];

    public List<string> Failures { get; } = [];

    public int Warnings { get; private set; }

    public void Judge(IReadOnlyList<BenchmarkResult> results)
    {
        var scale = ScaleOf(results);
        foreach (var result in results) JudgeOne(result, scale);
        foreach (var name in budgets.Keys.Except(results.Select(result => result.Name)))
            Fail(name, "has a budget and gave no result");
        if (results.Any(result => result.Name == Control && result.Bytes == 0))
            Fail(Control, "allocates and was measured with 0 bytes: the meter does not work");
    }

    private void JudgeOne(BenchmarkResult result, double scale)
    {
        var time = result.MedianNs.ToString("N1", CultureInfo.InvariantCulture);
        var line = $"{result.Name,-52} {time,12} ns {result.Bytes,7} B";
        if (!budgets.TryGetValue(result.Name, out var bytesMax)) Fail(result.Name, "has no budget");
        else if (result.Bytes > bytesMax) Fail(result.Name, $"allocates {result.Bytes} bytes, {bytesMax} are allowed");
        var expectedNs = times.GetValueOrDefault(result.Name) * scale;
        if (expectedNs > 0 && result.MedianNs > expectedNs * SlowerFactorMax)
        {
            Warnings++;
            line += string.Create(CultureInfo.InvariantCulture, $"   SLOWER than {expectedNs:N1} ns");
        }
        Lines.Add(line);
    }

    private double ScaleOf(IReadOnlyList<BenchmarkResult> results)
    {
        var measured = results.FirstOrDefault(result => result.Name == Yardstick);
        return measured is not null && times.TryGetValue(Yardstick, out var referenceNs)
            ? measured.MedianNs / referenceNs
            : 1;
    }

    private void Fail(string name, string why)
    {
        Failures.Add(name);
        Lines.Add($"FAILED {name} {why}");
    }
}
