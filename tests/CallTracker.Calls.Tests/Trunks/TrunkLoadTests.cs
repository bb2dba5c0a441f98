using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>Channels and calls per second of one trunk, both directions together.</summary>
public sealed class TrunkLoadTests
{
    [Fact]
    public void Enter_AllChannelsTaken_IsRefusedUntilOneLeaves()
    {
        var trunk = Make(channels: 2, cps: 0);
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
        trunk.Load.TryEnter(trunk, outbound: false, 0).ShouldBeTrue();
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeFalse();
        trunk.Load.TryEnter(trunk, outbound: false, 0).ShouldBeFalse();
        trunk.Load.Leave();
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
        trunk.Load.Channels.ShouldBe(2);
        (trunk.Load.Refused(true, false), trunk.Load.Refused(false, false)).ShouldBe((1, 1));
        (trunk.Load.Refused(true, true), trunk.Load.Refused(false, true)).ShouldBe((0, 0));
    }

    [Fact]
    public void Enter_RateUsedUp_LeavesNoChannelBehind()
    {
        var trunk = Make(channels: 10, cps: 1);
        trunk.Load.TryEnter(trunk, outbound: false, 0).ShouldBeTrue();
        trunk.Load.TryEnter(trunk, outbound: false, 999).ShouldBeFalse();
        trunk.Load.TryEnter(trunk, outbound: false, 1000).ShouldBeTrue();
        (trunk.Load.Channels, trunk.Load.Refused(false, true)).ShouldBe((2, 1));
    }

    [Fact]
    public void Enter_ChannelsFull_CostsNoCallOfTheSecond()
    {
        var trunk = Make(channels: 1, cps: 2);
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
        for (var i = 0; i < 5; i++) trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeFalse();
        trunk.Load.Leave();
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
    }

    [Fact]
    public void Enter_LimitChangedByANewTrunkObject_HoldsAtOnceForTheSameLoad()
    {
        var trunk = Make(channels: 0, cps: 1);
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeFalse();
        var changed = Make(channels: 2, cps: 5, trunk.Load);
        trunk.Load.TryEnter(changed, outbound: true, 0).ShouldBeTrue();
        trunk.Load.TryEnter(changed, outbound: true, 0).ShouldBeFalse();
    }

    [Fact]
    public void Enter_NoLimits_CountsAndAllocatesNothing()
    {
        var trunk = Make(channels: 0, cps: 0);
        trunk.Load.TryEnter(trunk, outbound: true, 0).ShouldBeTrue();
        var limited = Make(channels: 100_000, cps: 10_000);
        limited.Load.TryEnter(limited, outbound: true, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            trunk.Load.TryEnter(trunk, outbound: true, i);
            limited.Load.TryEnter(limited, outbound: true, i);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        (trunk.Load.Channels, limited.Load.Channels).ShouldBe((1001, 1001));
    }

    private static Trunk Make(int channels, int cps, TrunkLoad? load = null) => new()
    {
        Id = "t",
        OperatorId = "op",
        Address = Harness.Shop,
        Prefixes = [],
        InboundFrom = [],
        ChannelsMax = channels,
        CpsMax = cps,
        Load = load ?? new TrunkLoad(),
    };
}
