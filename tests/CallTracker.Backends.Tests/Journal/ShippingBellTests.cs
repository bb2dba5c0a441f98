using CallTracker.Backends.Journal;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>When the shipper is called.</summary>
public sealed class ShippingBellTests : IDisposable
{
    private readonly ShippingBell _bell = new() { FlushMs = 250 };

    public void Dispose() => _bell.Dispose();

    [Fact]
    public async Task Bell_ForTheFirstEnd_RingsWhenItHasWaitedAndNotBefore()
    {
        _bell.OnSynced(1, 1000);
        _bell.OnSynced(5, 1200);
        _bell.OnSynced(9, 1249);
        (await HasRung()).ShouldBeFalse();
        _bell.OnSynced(12, 1250);
        (await HasRung()).ShouldBeTrue();
        (await HasRung()).ShouldBeFalse();
    }

    [Fact]
    public async Task Bell_WithNoNewEnd_StaysSilent()
    {
        for (var nowMs = 0; nowMs < 10_000; nowMs += 50) _bell.OnSynced(0, nowMs);
        _bell.DueMs.ShouldBe(long.MaxValue);
        _bell.OnSynced(1, 10_000);
        _bell.OnSynced(1, 10_250);
        (await HasRung()).ShouldBeTrue();
        for (var nowMs = 10_300; nowMs < 20_000; nowMs += 50) _bell.OnSynced(1, nowMs);
        (await HasRung()).ShouldBeFalse();
    }

    [Fact]
    public async Task Bell_WhileNobodyWaits_IsHeardOnce()
    {
        for (var nowMs = 0; nowMs < 5000; nowMs += 50) _bell.OnSynced(nowMs + 1, nowMs);
        (await HasRung()).ShouldBeTrue();
        (await HasRung()).ShouldBeFalse();
    }

    private Task<bool> HasRung() => _bell.WaitAsync(0, TestContext.Current.CancellationToken);
}
