using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="StepMarkCheck"/> can fail.</summary>
public sealed class StepMarkCheckTests
{
    private const string Mark = ":: Step ";
    private static readonly string[] Steps =
        [.. Enumerable.Range(1, 12).Select(step => $"{step}"), .. Enumerable.Range(1, 7).Select(step => $"P{step}")];

    [Fact]
    public void Steps_AllMarkedOnce_AreAccepted() => CheckAssert.Accepts<StepMarkCheck>(Whole());

    [Fact]
    public void Step_WithoutMark_IsFound() => CheckAssert.Finds<StepMarkCheck>(1, Whole(omit: "7"));

    [Fact]
    public void Step_MarkedInAString_IsFound()
        => CheckAssert.Finds<StepMarkCheck>(1, [.. Whole(omit: "P2"), ("B.cs", $"var x = \"// {Mark}P2\";")]);

    [Fact]
    public void Step_MarkedTwice_IsFound()
        => CheckAssert.Finds<StepMarkCheck>(1, [.. Whole(omit: "7"), ("Step7.cs", $"// {Mark}7\n// {Mark}7: again\n")]);

    [Fact]
    public void Step_MarkedInAnotherFile_IsFound()
        => CheckAssert.Finds<StepMarkCheck>(1, [.. Whole(omit: "3"), ("Other.cs", $"// {Mark}3\n")]);

    [Fact]
    public void Step_UnknownToReadme_IsFound()
        => CheckAssert.Finds<StepMarkCheck>(1, [.. Whole(), ("Other.cs", $"// {Mark}13\n")]);

    [Fact]
    public void Readme_WithoutAStep_IsFound()
        => CheckAssert.Finds<StepMarkCheck>(19, ("README.md", "# Nothing here\n"));

    private static (string Path, string Text)[] Whole(string omit = "")
        => [("README.md", string.Concat(Steps.Select(step => $"| {step} | what `A` does | `Step{step}.cs` |\n"))),
            .. Steps.Where(step => step != omit).Select(step => ($"Step{step}.cs", $"// {Mark}{step}: why\n"))];
}
