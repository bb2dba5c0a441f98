using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Runs a check over files in memory. Stateless.</summary>
internal static class CheckAssert
{
    /// <summary>The check finds exactly this many breaches, all in the first file, and says where.</summary>
    public static IReadOnlyList<Finding> Finds<TCheck>(int count, params (string Path, string Text)[] files)
        where TCheck : ITidyCheck, new()
    {
        var findings = new TCheck().Run(Repository.Of(files)).ToArray();
        findings.Length.ShouldBe(count, string.Join('\n', findings.AsEnumerable()));
        foreach (var finding in findings) finding.ToString().ShouldMatch(@"^[^:]+:\d+: .+ — use .+ instead$");
        return findings;
    }

    /// <summary>The check finds nothing in these files.</summary>
    public static void Accepts<TCheck>(params (string Path, string Text)[] files)
        where TCheck : ITidyCheck, new()
        => Finds<TCheck>(0, files);
}
