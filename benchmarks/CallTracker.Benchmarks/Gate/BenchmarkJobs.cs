using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace CallTracker.Benchmarks.Gate;

/// <summary>How benchmarks are run: shortly for the gate, longer by hand. Stateless.</summary>
internal static class BenchmarkJobs
{
    /// <summary>Bytes are exact after one iteration; the times are good for a warning only.</summary>
    public static ManualConfig Quick(string artifactsPath) => Base(TimeInterval.FromMilliseconds(40), 2, 5, false)
        .WithArtifactsPath(artifactsPath)
        .AddLogger(new StreamLogger(LogOf(artifactsPath), append: false));

    public static string LogOf(string artifactsPath) => Path.Combine(artifactsPath, "benchmarks.log");

    public static ManualConfig Thorough() => Base(TimeInterval.FromMilliseconds(250), 5, 15, true)
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance);

    // In this process: nothing to generate or restore, and the project's runtime settings are in force.
    private static ManualConfig Base(
        TimeInterval iterationTime, int warmupCount, int iterationCount, bool measuresOverhead) =>
        ManualConfig.CreateEmpty()
            .AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithIterationTime(iterationTime)
                .WithWarmupCount(warmupCount)
                .WithIterationCount(iterationCount)
                .WithEvaluateOverhead(measuresOverhead))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(JsonExporter.FullCompressed)
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
}
