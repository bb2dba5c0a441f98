using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="BenchmarkBudgetCheck"/> can fail.</summary>
public sealed class BenchmarkBudgetCheckTests
{
    private static readonly (string, string) Benchmarks = (
        "benchmarks/CallTracker.Benchmarks/ParseBenchmarks.cs",
        "class ParseBenchmarks\n{\n[Benchmark(Baseline = true)]\npublic int Invite() => 1;\npublic int Help() => 2;\n"
        + "}\n");

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{ \"ParseBenchmarks.Bye\": 0 }", 2)]
    public void Budget_ThatDiffers_IsFound(string json, int count)
        => CheckAssert.Finds<BenchmarkBudgetCheck>(count, Benchmarks, (BenchmarkBudgetCheck.BudgetFile, json));

    [Fact]
    public void Budget_OfNoFile_IsFound() => CheckAssert.Finds<BenchmarkBudgetCheck>(1, Benchmarks);

    [Fact]
    public void Budget_OfEachBenchmark_IsAccepted()
        => CheckAssert.Accepts<BenchmarkBudgetCheck>(
            Benchmarks, (BenchmarkBudgetCheck.BudgetFile, "{ \"ParseBenchmarks.Invite\": 0 }"));
}
