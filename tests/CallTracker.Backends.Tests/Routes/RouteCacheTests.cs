using CallTracker.Backends.Routes;
using CallTracker.Backends.Tests.Support;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Routes;

/// <summary>The bounds of the cache.</summary>
public sealed class RouteCacheTests
{
    [Fact]
    public void Cache_OverItsBounds_StaysWithinThemAndKeepsTheNewest()
    {
        var cache = new RouteCache(routesMax: 200, negativesMax: 100);
        for (var i = 0; i < 5000; i++)
        {
            var number = TestCalls.Number($"0120{i:D6}");
            cache.Put(number, i % 2 == 0 ? TestCalls.Route : null);
            cache.TryGet(number, out var route).ShouldBeTrue($"{i}");
            (route is not null).ShouldBe(i % 2 == 0);
            cache.RouteCount.ShouldBeLessThanOrEqualTo(200);
            cache.NegativeCount.ShouldBeLessThanOrEqualTo(100);
        }
        cache.Numbers().Count().ShouldBe(cache.RouteCount);
    }

    [Fact]
    public void Cache_ANumberThatChangesItsMind_IsInOnePartOnly()
    {
        var cache = new RouteCache(10, 10);
        var number = TestCalls.Number("0120000001");
        for (var i = 0; i < 50; i++)
        {
            cache.Put(number, i % 2 == 0 ? TestCalls.Route : null);
            (cache.RouteCount + cache.NegativeCount).ShouldBe(1);
        }
        cache.ForgetNegatives();
        cache.TryGet(number, out _).ShouldBeFalse();
    }

    [Fact]
    public void Ask_JoinedByManyWorkers_TellsEachAndNobodyAfterwards()
    {
        var ask = new RouteAsk(TestCalls.Number("0120"));
        ask.TryJoin(0).ShouldBeTrue();
        ask.TryJoin(62).ShouldBeTrue();
        ask.TryJoin(0).ShouldBeTrue();
        (ask.Settle() & ~(1UL << 63)).ShouldBe(1UL | (1UL << 62));
        ask.TryJoin(3).ShouldBeFalse();
    }
}
