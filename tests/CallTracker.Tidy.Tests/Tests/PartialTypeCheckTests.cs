using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="PartialTypeCheck"/> can fail.</summary>
public sealed class PartialTypeCheckTests
{
    [Theory]
    [InlineData("sealed partial class A;\n")]
    [InlineData("partial record struct A;\n// [LibraryImport]\n")]
    public void Partial_WithoutGenerator_IsFound(string text) => CheckAssert.Finds<PartialTypeCheck>(1, ("A.cs", text));

    [Theory]
    [InlineData("partial class A { [GeneratedRegex(\"a\")] partial Regex B(); }\n")]
    [InlineData("// a partial class\nclass A;\n")]
    public void Partial_ForAGenerator_IsAccepted(string text) => CheckAssert.Accepts<PartialTypeCheck>(("A.cs", text));
}
