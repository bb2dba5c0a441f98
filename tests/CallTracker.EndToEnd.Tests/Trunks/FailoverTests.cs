using System.Diagnostics;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Trunks;

/// <summary>Several trunks to one destination on the running product: who gets the call when one fails.</summary>
[Collection(ProductCollection.Name)]
public sealed class FailoverTests(Product product)
{
    private const string Unavailable = "recv INVITE\nanswer 503 Service Unavailable\nrecv ACK\n";

    [Fact]
    public async Task Trunk_Refusing503_AnotherTakesTheCall()
    {
        var line = await TrunkedLine.NewAsync(product);
        var (first, second) = (product.NextPeerPort(), product.NextPeerPort());
        await line.AddTrunkAsync(first);
        await line.AddTrunkAsync(second);
        var refusing = await SippRun.StartShopAsync(product, Unavailable, first, 1);
        var answering = await SippRun.StartShopAsync(product, Scripts.Answer, second, 1);
        await SippRun.SucceedAsync([refusing, answering, line.StartCaller(Scripts.ShortTalk)]);

        var row = await line.RowAsync();
        (row.DialStat, row.SipCode).ShouldBe(("normal", 200));
        row.AttemptSipCodes.ShouldBe([503, 200]);
    }

    [Fact]
    public async Task Trunk_WhereNobodyListens_AnotherTakesTheCallAtOnce()
    {
        var line = await TrunkedLine.NewAsync(product);
        var (closed, second) = (product.NextPeerPort(), product.NextPeerPort());
        await line.AddTrunkAsync(closed);
        await line.AddTrunkAsync(second);
        var answering = await SippRun.StartShopAsync(product, Scripts.Answer, second, 1);
        var watch = Stopwatch.StartNew();
        await SippRun.SucceedAsync([answering, line.StartCaller(Scripts.ShortTalk)]);

        // The trunk's answer time is six seconds; the host's ICMP error spares the caller the wait.
        watch.ElapsedMilliseconds.ShouldBeLessThan(5000);
        (await line.RowAsync()).AttemptSipCodes.ShouldBe([0, 200]);
    }

    [Fact]
    public async Task Trunk_Dying_IsNoticedWithinThreeSecondsAndUsedAgainWhenItReturns()
    {
        var line = await TrunkedLine.NewAsync(product);
        await using var first = new TrunkPeer { IsSilent = true };
        await using var second = new TrunkPeer();
        // So seldom asked that only calls can tell that it is dead.
        var dead = await line.AddTrunkAsync(first.Port, probeSec: 3600);
        var alive = await line.AddTrunkAsync(second.Port);
        var caller = line.StartCaller(Scripts.Refused(486), new SippCallerOptions { CallCount = 30 });
        await Wait.UntilAsync("the first call", 5000, () => Task.FromResult(first.CallCount > 0));
        await Wait.UntilAsync("the trunk is down", 3000, async () => await UpAsync(dead) == 0);
        await caller.SucceedAsync();
        second.CallCount.ShouldBe(30);
        var before = first.CallCount;
        await line.StartCaller(Scripts.Refused(486)).SucceedAsync();
        first.CallCount.ShouldBe(before);

        first.IsSilent = false;
        await Wait.UntilAsync("the trunk is up", 5000, async () => await UpAsync(dead) == 1);
        await line.StartCaller(Scripts.Refused(486)).SucceedAsync();
        (first.CallCount, second.CallCount).ShouldBe((before + 1, 31));
        (await UpAsync(alive)).ShouldBe(1);
        const string Transitions = "calltracker_trunk_transitions_total";
        (await TrunkedLine.MetricAsync(product, Transitions, dead, "to=\"down\"")).ShouldBe(1);
        (await TrunkedLine.MetricAsync(product, Transitions, dead, "to=\"up\"")).ShouldBe(1);
    }

    [Fact]
    public async Task Trunk_GivenByName_IsTriedAtEachOfItsServers()
    {
        var line = await TrunkedLine.NewAsync(product);
        var (closed, second) = (product.NextPeerPort(), product.NextPeerPort());
        var name = $"carrier-{line.DinId}.example.jp";
        product.Dns.Pointer(name, 1, 1, "s", "SIP+D2U", "_sip._udp.gateways.example.jp");
        product.Dns.Server("_sip._udp.gateways.example.jp", 10, 1, closed, "gw1.example.jp");
        product.Dns.Server("_sip._udp.gateways.example.jp", 20, 1, second, "gw2.example.jp");
        product.Dns.Address("gw1.example.jp", "127.0.0.1");
        product.Dns.Address("gw2.example.jp", "127.0.0.1");
        await line.AddTrunkAsync(name);
        var asked = $"recv INVITE /sip:[0-9]+@{name} /";
        var script = Scripts.Answer.Replace("recv INVITE", asked, StringComparison.Ordinal);
        var answering = await SippRun.StartShopAsync(product, script, second, 1);
        await SippRun.SucceedAsync([answering, line.StartCaller(Scripts.ShortTalk)]);

        (await line.RowAsync()).AttemptSipCodes.ShouldBe([0, 200]);
    }

    private Task<double> UpAsync(string trunk) => TrunkedLine.MetricAsync(product, "calltracker_trunk_up", trunk);
}
