using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="FileLengthCheck"/> can fail.</summary>
public sealed class FileLengthCheckTests
{
    [Theory]
    [InlineData("tests/A.cs")]
    [InlineData("README.md")]
    [InlineData("ops/run")]
    public void File_OneLineTooLong_IsFound(string path)
        => CheckAssert.Finds<FileLengthCheck>(1, (path, Lines(FileLengthCheck.LinesMax + 1)));

    [Theory]
    [InlineData("dataplane/A.cs", FileLengthCheck.LinesMax)]
    [InlineData("tests/X.Tests/Corpus/a.md", FileLengthCheck.LinesMax + 1)]
    [InlineData("ops/data.json", FileLengthCheck.LinesMax + 1)]
    public void File_WithinLimitOrNoText_IsAccepted(string path, int lineCount)
        => CheckAssert.Accepts<FileLengthCheck>((path, Lines(lineCount)));

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("x\n", count));
}
