using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Trunks;

/// <summary>Shares, limits and codecs of trunks on the running product.</summary>
[Collection(ProductCollection.Name)]
public sealed class TrunkLimitTests(Product product)
{
    private const string Refusals = "calltracker_trunk_refusals_total";

    [Fact]
    public async Task EqualTrunks_OfDifferentWeight_ShareTheCalls()
    {
        var line = await TrunkedLine.NewAsync(product);
        await using var light = new TrunkPeer();
        await using var heavy = new TrunkPeer();
        await line.AddTrunkAsync(light.Port, priority: 5, weight: 100);
        await line.AddTrunkAsync(heavy.Port, priority: 5, weight: 300);
        var options = new SippCallerOptions { CallCount = 100, CallsPerSecond = 50 };
        await line.StartCaller(Scripts.Refused(486), options).SucceedAsync();

        // 25 of 100 with a standard deviation of 4.3; six of them are allowed.
        light.CallCount.ShouldBeInRange(1, 51);
        (light.CallCount + heavy.CallCount).ShouldBe(100);
        light.CallCount.ShouldBeLessThan(heavy.CallCount);
    }

    [Fact]
    public async Task Trunk_WithAllChannelsTaken_IsPassedOver()
    {
        // The first call must ring until the second was placed, also on a busy machine.
        var line = await TrunkedLine.NewAsync(product, ringSec: 5);
        await using var small = new TrunkPeer { Code = 180 };
        await using var other = new TrunkPeer();
        var full = await line.AddTrunkAsync(small.Port, channelsMax: 1);
        await line.AddTrunkAsync(other.Port);
        var first = line.StartCaller(Scripts.Refused(480));
        await Wait.UntilAsync("it rings", 5000, () => Task.FromResult(small.CallCount == 1));
        (await TrunkedLine.MetricAsync(product, "calltracker_trunk_channels", full)).ShouldBe(1);
        await line.StartCaller(Scripts.Refused(486)).SucceedAsync();
        await first.SucceedAsync();

        (small.CallCount, other.CallCount).ShouldBe((1, 1));
        var labels = "direction=\"outbound\",reason=\"channels\"";
        (await TrunkedLine.MetricAsync(product, Refusals, full, labels)).ShouldBe(1);
        (await TrunkedLine.MetricAsync(product, "calltracker_trunk_channels", full)).ShouldBe(0);
    }

    [Fact]
    public async Task CallersTrunk_CallingTooFast_IsToldToComeBackLater()
    {
        using var caller = new RawCaller("127.0.0.5", product.SipPort);
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "tr-fast",
            name = "fast",
            address = "127.0.0.5:5060",
            inbound_from = new[] { "127.0.0.5" },
            cps_max = 2,
            probe_sec = 0,
        });
        await TrunkedLine.SeenAsync(product, "tr-fast");
        var finals = await caller.CallAsync("0505899999", 6);

        finals.Count(f => f.StartsWith("SIP/2.0 404", StringComparison.Ordinal)).ShouldBe(2);
        var refused = finals.Where(f => f.StartsWith("SIP/2.0 503", StringComparison.Ordinal)).ToList();
        refused.Count.ShouldBe(4);
        refused.ShouldAllBe(f => f.Contains("Retry-After: 5\r\n"));
        var labels = "direction=\"inbound\",reason=\"rate\"";
        (await TrunkedLine.MetricAsync(product, Refusals, "tr-fast", labels)).ShouldBe(4);
    }

    [Fact]
    public async Task Trunk_WithACodecList_IsOfferedThoseAlone()
    {
        var line = await TrunkedLine.NewAsync(product);
        await using var peer = new TrunkPeer();
        await line.AddTrunkAsync(peer.Port, codecs: ["PCMA"]);
        using var caller = new RawCaller("127.0.0.1", product.SipPort);
        var finals = await caller.CallAsync(line.DinId, 1, formats: "0 8 9 101");

        finals.Single().ShouldStartWith("SIP/2.0 486");
        peer.FirstInvite.ShouldContain(" RTP/AVP 8 101\r\n");
    }

    [Fact]
    public async Task Trunk_MayUseNothingOffered_TheCallerGets488()
    {
        var line = await TrunkedLine.NewAsync(product);
        await using var peer = new TrunkPeer();
        await line.AddTrunkAsync(peer.Port, codecs: ["opus"]);
        using var caller = new RawCaller("127.0.0.1", product.SipPort);
        (await caller.CallAsync(line.DinId, 1)).Single().ShouldStartWith("SIP/2.0 488");
        peer.CallCount.ShouldBe(0);
        (await line.RowAsync()).AttemptSipCodes.ShouldBe([488]);
    }
}
