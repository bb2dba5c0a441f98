using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests;

/// <summary>Runs every check over this repository, and asks that each check has tests that prove it can fail.</summary>
public sealed class RepositoryTests
{
    private static readonly Repository Here = Repository.Read();

    /// <summary>The checks by the name of their type.</summary>
    public static TheoryData<string> Checks => [.. CheckTypes().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Repository_UnderCheck_HasNoFindings(string check)
    {
        var instance = (ITidyCheck)Activator.CreateInstance(CheckTypes().Single(type => type.Name == check))!;
        var findings = instance.Run(Here).ToArray();
        Assert.True(findings.Length == 0, $"{findings.Length} findings:\n{string.Join('\n', findings.AsEnumerable())}");
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Check_OfAnyKind_HasTestsOfItsOwn(string check)
        => Here.Find($"tests/CallTracker.Tidy.Tests/Tests/{check}Tests.cs").ShouldNotBeNull();

    [Fact]
    public void Repository_ReadFromDisk_HoldsSourceAndNoOutput()
    {
        Here.CSharpFiles.Count().ShouldBeGreaterThan(50);
        Here.Files.ShouldNotContain(file => file.Path.Contains("/bin/") || file.Path.Contains("/obj/"));
    }

    private static IEnumerable<Type> CheckTypes()
        => typeof(ITidyCheck).Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(ITidyCheck)));
}
