using System.Text.Json;
using BenchmarkDotNet.Running;

namespace CallTracker.Benchmarks.Gate;

/// <summary>
/// <c>check [--write-times] [WORD…]</c>: runs the benchmarks shortly (those whose name holds a word), reads the JSON
/// report and judges it. 0 when every budget is kept.
/// </summary>
internal static class GateCommand
{
    private const string BudgetFile = "allocation-budget.json";
    private const string TimesFile = "time-reference.json";
    private const int RepeatsMax = 2;

    public static int Run(string[] args)
    {
        var words = args.Where(arg => !arg.StartsWith('-')).ToArray();
        if (args.Any(arg => arg.StartsWith('-') && arg != "--write-times")) return Usage();
        var artifacts = Directory.CreateTempSubdirectory("calltracker-benchmarks-").FullName;
        try
        {
            return Check(words, artifacts, args.Contains("--write-times"));
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: CallTracker.Benchmarks check [--write-times] [WORD…]");
        return 2;
    }

    private static int Check(string[] words, string artifacts, bool writesTimes)
    {
        var budgets = Read<long>(BudgetFile);
        string[] filters = words.Length == 0 ? ["*"] : [.. words.Select(word => $"*{word}*")];
        var results = Measure(filters, Path.Combine(artifacts, "0"));
        // Bytes are counted for the whole process: what another thread allocates just then is counted too. Who is over
        // its budget is measured again, and the lower figure counts.
        for (var again = 1; again <= RepeatsMax; again++)
        {
            var over = results.Where(result => result.Bytes > budgets.GetValueOrDefault(result.Name)).ToArray();
            if (over.Length == 0) break;
            var second = Measure([.. over.Select(result => $"*.{result.Name}")], Path.Combine(artifacts, $"{again}"));
            results = [.. results.Select(result => result.Lower(second.Find(other => other.Name == result.Name)))];
        }
        return Judge(results, budgets, words, writesTimes);
    }

    private static List<BenchmarkResult> Measure(string[] filters, string artifacts)
    {
        Directory.CreateDirectory(artifacts);
        // The switcher talks; its words go to the log with the rest.
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        BenchmarkSwitcher.FromAssembly(typeof(GateCommand).Assembly)
            .Run(["--filter", .. filters], BenchmarkJobs.Quick(artifacts));
        Console.SetOut(console);
        var reports = Directory.GetFiles(artifacts, "*-report-full-compressed.json", SearchOption.AllDirectories);
        if (reports.Length == 0)
            Console.Error.WriteLine($"check: no report; {File.ReadAllText(BenchmarkJobs.LogOf(artifacts))}");
        return [.. reports.SelectMany(BenchmarkResult.ReadReport).OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    private static int Judge(
        List<BenchmarkResult> results, Dictionary<string, long> budgets, string[] words, bool writesTimes)
    {
        if (words.Length > 0)
            budgets = budgets.Where(pair => words.Any(pair.Key.Contains)).ToDictionary(StringComparer.Ordinal);
        var verdict = new GateVerdict(budgets, Read<double>(TimesFile));
        verdict.Judge(results);
        foreach (var line in verdict.Lines) Console.WriteLine(line);
        if (writesTimes) WriteTimes(results);
        var failures = verdict.Failures.Count;
        Console.WriteLine($"{results.Count} benchmarks, {failures} failed, {verdict.Warnings} slow");
        return failures == 0 ? 0 : 1;
    }

    // Into the folder of the sources, from where the next build copies it.
    private static void WriteTimes(List<BenchmarkResult> results)
    {
        var times = new SortedDictionary<string, double>(Read<double>(TimesFile), StringComparer.Ordinal);
        foreach (var result in results) times[result.Name] = Math.Round(result.MedianNs, 1);
        var path = Path.Combine(Environment.CurrentDirectory, "benchmarks", "CallTracker.Benchmarks", TimesFile);
        File.WriteAllText(path, JsonSerializer.Serialize(times, Indented) + "\n");
        Console.WriteLine($"written: {path}");
    }

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    private static Dictionary<string, T> Read<T>(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        return JsonSerializer.Deserialize<Dictionary<string, T>>(File.ReadAllText(path)) ?? [];
    }
}
