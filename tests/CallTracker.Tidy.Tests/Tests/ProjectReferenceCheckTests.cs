using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="ProjectReferenceCheck"/> can fail.</summary>
public sealed class ProjectReferenceCheckTests
{
    private static readonly (string, string) Table = (ProjectReferenceCheck.TableFile,
        "# comment\nCore\texactly\t-\nSip\texactly\tCore\nBench\tat-most\tCore Sip\n");

    [Theory]
    [InlineData("Core", "Sip", "Sip")]
    [InlineData("Sip", "", "Core")]
    [InlineData("Bench", "Calls", "Calls")]
    [InlineData("Unknown", "", "not in the table")]
    public void References_ThatDiffer_AreFound(string project, string reference, string said)
        => CheckAssert.Finds<ProjectReferenceCheck>(1, [.. Others(project), Project(project, reference), Table])[0]
            .What.ShouldContain(said);

    [Fact]
    public void Table_WithAProjectThatIsGone_IsFound()
        => CheckAssert.Finds<ProjectReferenceCheck>(1, Project("Core", ""), Project("Sip", "Core"), Table);

    [Fact]
    public void References_OfTheTable_AreAccepted()
        => CheckAssert.Accepts<ProjectReferenceCheck>([.. Others(""), Table]);

    private static IEnumerable<(string, string)> Others(string but)
        => new[] { Project("Core", ""), Project("Sip", "Core"), Project("Bench", "Sip") }
            .Where(project => !project.Item1.Contains($"/{but}/"));

    private static (string, string) Project(string name, string reference)
        => ($"dataplane/{name}/{name}.csproj", reference.Length == 0
            ? "<Project />"
            : $"<Project><X><ProjectReference Include=\"..\\{reference}\\{reference}.csproj\" /></X></Project>");
}
