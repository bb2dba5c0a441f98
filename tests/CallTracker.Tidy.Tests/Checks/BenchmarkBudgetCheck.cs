using System.Text.Json;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// Each benchmark has its line in <c>benchmarks/CallTracker.Benchmarks/allocation-budget.json</c>, an object of
/// <c>"Type.Method": bytes</c> per operation, and each line its benchmark. Stateless.
/// </summary>
internal sealed class BenchmarkBudgetCheck : ITidyCheck
{
    public const string BudgetFile = "benchmarks/CallTracker.Benchmarks/allocation-budget.json";

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
    {
        var benchmarks = Benchmarks(repository).ToDictionary(place => place.Name, StringComparer.Ordinal);
        var budgets = Budgets(repository.Find(BudgetFile));
        return benchmarks.Values.Where(place => !budgets.Contains(place.Name)).Select(place
                => new Finding(place.File, place.Line, $"{place.Name} has no budget", $"a line in {BudgetFile}"))
            .Concat(budgets.Where(name => !benchmarks.ContainsKey(name)).Select(name
                => new Finding(BudgetFile, 0, $"{name} is no benchmark", "the names that exist")));
    }

    private static IEnumerable<Place> Benchmarks(Repository repository)
        => from file in repository.CSharpFiles
           where file.Path.StartsWith("benchmarks/", StringComparison.Ordinal)
           from member in MemberReader.Read(file.CSharp)
           where member.Attributes.Contains("[Benchmark")
           let type = Path.GetFileNameWithoutExtension(file.Path)
           select new Place($"{type}.{member.Name}", file.Path, member.FirstLine);

    private static HashSet<string> Budgets(TextFile? file)
    {
        if (file is null) return [];
        using var json = JsonDocument.Parse(file.Text);
        return [.. json.RootElement.EnumerateObject().Select(property => property.Name)];
    }

    private sealed record Place(string Name, string File, int Line);
}
