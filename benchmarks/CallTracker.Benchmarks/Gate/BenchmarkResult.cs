using System.Text.Json;

namespace CallTracker.Benchmarks.Gate;

/// <summary>What the report says of one benchmark.</summary>
/// <param name="Name">Type and method, as in the budget.</param>
/// <param name="Bytes">Allocated per operation.</param>
/// <param name="MedianNs">Nanoseconds per operation.</param>
internal sealed record BenchmarkResult(string Name, long Bytes, double MedianNs)
{
    /// <summary>The lower figures of this and another measurement of the same.</summary>
    public BenchmarkResult Lower(BenchmarkResult? other) => other is null ? this : this with
    {
        Bytes = Math.Min(Bytes, other.Bytes),
        MedianNs = Math.Min(MedianNs, other.MedianNs),
    };

    /// <summary>Reads the JSON report of a run; a benchmark without figures failed and is left out.</summary>
    public static List<BenchmarkResult> ReadReport(string path)
    {
        using var report = JsonDocument.Parse(File.ReadAllText(path));
        var results = new List<BenchmarkResult>();
        foreach (var benchmark in report.RootElement.GetProperty("Benchmarks").EnumerateArray())
        {
            if (!TryReadFigures(benchmark, out var bytes, out var medianNs)) continue;
            var name = $"{benchmark.GetProperty("Type")}.{benchmark.GetProperty("Method")}";
            results.Add(new BenchmarkResult(name, bytes, medianNs));
        }
        return results;
    }

    private static bool TryReadFigures(JsonElement benchmark, out long bytes, out double medianNs)
    {
        (bytes, medianNs) = (0, 0);
        if (!TryReadObject(benchmark, "Statistics", out var times)) return false;
        if (!TryReadObject(benchmark, "Memory", out var memory)) return false;
        bytes = memory.GetProperty("BytesAllocatedPerOperation").GetInt64();
        medianNs = times.GetProperty("Median").GetDouble();
        return true;
    }

    private static bool TryReadObject(JsonElement benchmark, string name, out JsonElement value) =>
        benchmark.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;
}
