using CallTracker.Core.Memory;

namespace CallTracker.Core.Tests.Memory;

/// <summary>Sizes, the bound in bytes, and what is kept.</summary>
public sealed class BufferPoolTests
{
    [Theory]
    [InlineData(0, 512)]
    [InlineData(512, 512)]
    [InlineData(513, 1024)]
    [InlineData(1025, 2048)]
    [InlineData(2048, 2048)]
    [InlineData(2049, 8192)]
    [InlineData(8192, 8192)]
    [InlineData(8193, 65536)]
    [InlineData(65536, 65536)]
    public void TryRent_Length_GivesTheSmallestClassThatHoldsIt(int length, int expected)
    {
        var pool = new BufferPool(1 << 20);
        pool.TryRent(length)!.Length.ShouldBe(expected);
    }

    [Fact]
    public void TryRent_LongerThanTheLargest_IsRefused()
    {
        var pool = new BufferPool(1 << 20);
        pool.TryRent(BufferPool.SizeMax + 1).ShouldBeNull();
        pool.Lent.ShouldBe(0);
    }

    [Fact]
    public void TryRent_AtTheBound_IsRefusedUntilOneOfThatSizeReturns()
    {
        var pool = new BufferPool(3 * 512);
        var buffers = new[] { pool.TryRent(10)!, pool.TryRent(10)!, pool.TryRent(10)! };
        pool.TryRent(10).ShouldBeNull();
        pool.TryRent(5000).ShouldBeNull();
        pool.Lent.ShouldBe(3);
        pool.Return(buffers[1]);
        pool.TryRent(5000).ShouldBeNull("what was made stays made");
        pool.TryRent(500).ShouldBeSameAs(buffers[1]);
        pool.TryRent(10).ShouldBeNull();
    }

    [Fact]
    public void Return_All_LeavesNothingLentAndReusesEach()
    {
        var pool = new BufferPool(1 << 20);
        int[] lengths = [100, 3000, 20_000, 100, 3000, 20_000];
        var first = lengths.Select(length => pool.TryRent(length)!).ToArray();
        first.Distinct().Count().ShouldBe(first.Length);
        foreach (var buffer in first) pool.Return(buffer);
        pool.Lent.ShouldBe(0);
        lengths.Select(length => pool.TryRent(length)!).ToHashSet().SetEquals(first).ShouldBeTrue();
    }
}
