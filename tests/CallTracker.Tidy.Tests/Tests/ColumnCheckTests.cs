using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="ColumnCheck"/> can fail.</summary>
public sealed class ColumnCheckTests
{
    [Theory]
    [InlineData("A.cs")]
    [InlineData("docs/a.md")]
    [InlineData("ops/lib/install")]
    public void Line_OneColumnTooWide_IsFoundAtItsLine(string path)
        => CheckAssert.Finds<ColumnCheck>(1, (path, "\n" + new string('x', ColumnCheck.ColumnsMax + 1)))[0]
            .Line.ShouldBe(2);

    [Theory]
    [InlineData("A.cs", 120)]
    [InlineData("tests/X.Tests/Corpus/a.md", 121)]
    public void Line_WithinLimitOrNoText_IsAccepted(string path, int columns)
        => CheckAssert.Accepts<ColumnCheck>((path, new string('通', columns)));
}
