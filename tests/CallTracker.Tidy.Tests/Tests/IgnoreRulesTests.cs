using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>The checks read what git would see, and nothing that a build or a run made.</summary>
public sealed class IgnoreRulesTests
{
    private static readonly IgnoreRules Rules = new(["# made", "bin/", ".run-*/", "*.user", ""]);

    [Theory]
    [InlineData("bin", true, true)]
    [InlineData(".run-e2e", true, true)]
    [InlineData("a.user", false, true)]
    [InlineData(".git", true, true)]
    [InlineData("bin", false, false)]
    [InlineData(".run", true, false)]
    [InlineData("A.cs", false, false)]
    public void Entry_AgainstTheRules_IsIgnoredAsGitDoes(string name, bool isFolder, bool isIgnored)
        => Rules.Matches(name, isFolder).ShouldBe(isIgnored);
}
