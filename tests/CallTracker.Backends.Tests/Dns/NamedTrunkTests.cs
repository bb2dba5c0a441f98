using System.Text;
using CallTracker.Backends.Dns;
using CallTracker.Backends.Routes;
using CallTracker.Backends.Tests.Routes;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Net;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Dns;

/// <summary>Trunks given by name, from Redis and a scripted name server to the table that workers read.</summary>
public sealed class NamedTrunkTests : IAsyncDisposable
{
    private readonly DnsServer _dns = new();

    [Fact]
    public async Task Trunk_GivenByName_IsInForceOnceItsServersAreKnown()
    {
        await using var bench = await StartAsync();
        await bench.PutTrunkAsync(Trunk("t1", "example.jp"));
        // Long enough for a wrong trunk to have come into force.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        bench.Feed.Trunks.Count.ShouldBe(0);
        _dns.Server("_sip._udp.example.jp", 10, 5, 5062, "gw.example.jp", 1);
        _dns.Address("gw.example.jp", "192.0.2.1", 1);
        var trunk = await FindAsync(bench, t => t.Endpoints.Length == 1);
        trunk.Address.ShouldBe(IpEndpoint.FromIpv4(0xc0000201, 5062));
        Encoding.ASCII.GetString(trunk.UriHost).ShouldBe("example.jp");
        bench.Feed.Trunks.Knows(IpEndpoint.FromIpv4(0xc0000201, 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Servers_Changed_AreFollowedAndWhatWasLearntStays()
    {
        await using var bench = await StartAsync();
        _dns.Address("example.jp", "192.0.2.1", 0);
        await bench.PutTrunkAsync(Trunk("t1", "example.jp"));
        var before = await FindAsync(bench, t => t.Endpoints.Length == 1);
        before.Load.TryEnter(before, outbound: true, 0).ShouldBeTrue();
        _dns.Address("example.jp", "192.0.2.2", 0);
        var after = await FindAsync(bench, t => t.Endpoints.Length == 2);
        after.Load.ShouldBe(before.Load);
        after.Endpoints[0].Health.ShouldBe(before.Endpoints[0].Health);
        after.Endpoints[1].Health.ShouldNotBe(before.Endpoints[0].Health);
    }

    [Fact]
    public async Task NameServer_Away_TheLastGoodAnswerHolds()
    {
        await using var bench = await StartAsync();
        _dns.Address("example.jp", "192.0.2.1", 0);
        await bench.PutTrunkAsync(Trunk("t1", "example.jp") with { InboundFrom = ["example.jp:5066"] });
        await FindAsync(bench, t => t.Endpoints.Length == 1 && t.InboundFrom.Length == 1);
        _dns.IsSilent = true;
        var asked = _dns.Asked.Count;
        await Eventually.IsTrue(() => _dns.Asked.Count >= asked + 4, "it is asked for again and again");
        // Also a change of the trunk, which makes it anew, has the old answer.
        await bench.PutTrunkAsync(Trunk("t1", "example.jp") with { Priority = 7, InboundFrom = ["example.jp:5066"] });
        var trunk = await FindAsync(bench, t => t.Priority == 7);
        trunk.Endpoints.Length.ShouldBe(1);
        trunk.InboundFrom.ShouldBe([new InboundSource(IpEndpoint.FromIpv4(0xc0000201, 5066), 128)]);
    }

    [Fact]
    public async Task Sources_GivenByName_AdmitItsAddresses()
    {
        await using var bench = await StartAsync();
        _dns.Server("_sip._udp.in.example.jp", 1, 1, 5060, "gw.example.jp");
        _dns.Address("gw.example.jp", "192.0.2.9");
        await bench.PutTrunkAsync(
            Trunk("t1", "192.0.2.1") with { InboundFrom = ["in.example.jp", "nowhere.example.jp", "198.51.100.1"] });
        var trunk = await FindAsync(bench, t => t.InboundFrom.Length == 2);
        bench.Feed.Trunks.FindInbound(IpEndpoint.FromIpv4(0xc0000209, 4711), null).ShouldBe(trunk);
        bench.Feed.Trunks.FindInbound(IpEndpoint.FromIpv4(0xc000020a, 4711), null).ShouldBeNull();
        trunk.UriHost.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_ThatNobodyUsesAnyMore_AreNotAskedFor()
    {
        await using var bench = await StartAsync();
        _dns.Address("example.jp", "192.0.2.1", 0);
        await bench.PutTrunkAsync(Trunk("t1", "example.jp"));
        await FindAsync(bench, t => t.Endpoints.Length == 1);
        await bench.PutTrunkAsync(Trunk("t1", "192.0.2.3"));
        await FindAsync(bench, t => t.UriHost.Length == 0);
        // A question under way may still arrive; after that, one more TTL must bring none.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var asked = _dns.Asked.Count;
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        _dns.Asked.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task Trunk_WithCallsThatIsGoneAndComesBack_StillCountsThem()
    {
        await using var bench = await StartAsync();
        await bench.PutTrunkAsync(Trunk("t1", "192.0.2.1"));
        var before = await FindAsync(bench, _ => true);
        before.Load.TryEnter(before, outbound: true, 0).ShouldBeTrue();
        await bench.PutTrunkAsync(Trunk("t1", "192.0.2.1") with { Enabled = false });
        await Eventually.IsTrue(() => bench.Feed.Trunks.Count == 0, "it is out of service");
        await bench.PutTrunkAsync(Trunk("t1", "192.0.2.1"));
        (await FindAsync(bench, _ => true)).Load.Channels.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    private Task<RouteBench> StartAsync() => RouteBench.StartAsync(new RouteFeedOptions
    {
        Dns = new DnsOptions
        {
            Servers = $"127.0.0.1:{_dns.Port}",
            HostsFile = "/dev/null",
            AnswerMsMax = 200,
            RoundsMax = 1,
            RefreshSecMin = 1,
            RetrySec = 1,
        },
    });

    private static async Task<Trunk> FindAsync(RouteBench bench, Func<Trunk, bool> isWanted)
    {
        Trunk? found = null;
        await Eventually.IsTrue(() =>
        {
            found = bench.Feed.Trunks.All.ToArray().FirstOrDefault(isWanted);
            return found is not null;
        }, "the trunk is in force");
        return found!;
    }

    private static TrunkRecord Trunk(string id, string address) => new()
    {
        TrunkId = id,
        OperatorId = "op1",
        Name = id,
        Address = address,
        Prefixes = [""],
    };
}
