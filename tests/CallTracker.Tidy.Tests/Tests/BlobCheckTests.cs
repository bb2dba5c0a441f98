using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="BlobCheck"/> can fail.</summary>
public sealed class BlobCheckTests
{
    [Fact]
    public void Blob_OneByteTooLong_IsFound()
        => CheckAssert.Finds<BlobCheck>(1, ("ops/demo/a.wav", new string('x', BlobCheck.BytesMax + 1)));

    [Theory]
    [InlineData("ops/demo/a.wav", BlobCheck.BytesMax)]
    [InlineData("tests/X.Tests/Corpus/a.dat", BlobCheck.BytesMax + 1)]
    public void Blob_WithinLimitOrCorpus_IsAccepted(string path, int length)
        => CheckAssert.Accepts<BlobCheck>((path, new string('x', length)));
}
