using System.Globalization;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Carriers;

/// <summary>Whole calls over TCP, over TLS, through Kamailio, and between IPv4 and IPv6.</summary>
[Collection(ProductCollection.Name)]
public sealed class TransportTests(Product product)
{
    [Theory]
    [InlineData("t1")]
    [InlineData("tn")]
    public async Task Call_OverTcpOnBothSides_IsNormalAndRelayed(string transport)
    {
        var line = await product.NewLineAsync();
        await MoveTrunkAsync(line, "tcp", Text($"127.0.0.1:{line.ShopPorts[0]}"));
        var before = await product.NodeMetricAsync("calltracker_sip_stream_messages_total");
        var shop = await StartShopAsync(line, Scripts.Answer, "127.0.0.1", "t1");
        var caller = line.StartCaller(ShortWithAudio, new SippCallerOptions { Transport = transport });
        await SippRun.SucceedAsync([shop, caller]);

        await ShouldBeNormalAsync(line);
        shop.Messages.ShouldContain("Via: SIP/2.0/TCP ");
        // After "ct", the worker.
        caller.Messages.ShouldMatch($@"Contact: <sip:ct0\d@127\.0\.0\.1:{product.SipPort};transport=tcp>");
        // INVITE, ACK, BYE and their answers, on each side.
        (await product.NodeMetricAsync("calltracker_sip_stream_messages_total") - before).ShouldBeGreaterThan(11);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Call_ThroughKamailioOnBothSides_IsNormalAndRelayed(string transport)
    {
        var line = await product.NewLineAsync();
        await using var kamailio = await Kamailio.StartAsync(product, transport, line.ShopPorts[0]);
        await MoveTrunkAsync(line, transport, kamailio.Address);
        var shop = await line.StartShopAsync(Scripts.Answer);
        var caller = line.StartCaller(
            ShortWithAudio, new SippCallerOptions { Target = Text($"127.0.0.1:{kamailio.Port}") });
        await SippRun.SucceedAsync([shop, caller]);

        await ShouldBeNormalAsync(line);
        // The last hop before the shop is Kamailio, and the one before that the node, by the transport asked for.
        shop.Messages.ShouldContain($"Via: SIP/2.0/{transport.ToUpperInvariant()} 127.0.0.1:");
    }

    [Fact]
    public async Task Shop_HangingUpThroughKamailioOverTls_EndsTheCallerOnItsConnection()
    {
        var line = await product.NewLineAsync();
        await using var kamailio = await Kamailio.StartAsync(product, "tls", line.ShopPorts[0]);
        await MoveTrunkAsync(line, "tls", kamailio.Address);
        var answer = Scripts.Answer.Replace(
            "recv BYE\nanswer 200 OK", "pause 300\nsend BYE\nrecv 200", StringComparison.Ordinal);
        var shop = await line.StartShopAsync(answer);
        var talk = Scripts.ShortTalk.Replace("pause 300\nsend BYE\nrecv 200", "recv BYE\nanswer 200 OK",
            StringComparison.Ordinal);
        var caller = line.StartCaller(talk, new SippCallerOptions { Target = Text($"127.0.0.1:{kamailio.Port}") });
        await SippRun.SucceedAsync([shop, caller]);
        (await line.RowAsync()).HupUsr.ShouldBe("callee");
    }

    [Theory]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    public async Task Call_BetweenIpVersions_IsNormalAndRelayed(string callerAddress, string shopAddress)
    {
        var line = await product.NewLineAsync();
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-carrier",
            new { inbound_from = new[] { "127.0.0.1", "::1" } });
        await MoveTrunkAsync(line, "udp", Text($"{Bracket(shopAddress)}:{line.ShopPorts[0]}"));
        var shop = await StartShopAsync(line, Scripts.Answer, shopAddress, "u1");
        var caller = line.StartCaller(ShortWithAudio, new SippCallerOptions
        {
            Address = callerAddress,
            Target = Text($"{Bracket(callerAddress)}:{product.SipPort}"),
        });
        await SippRun.SucceedAsync([shop, caller]);

        await ShouldBeNormalAsync(line);
        ShouldSpeakOnly(shop, shopAddress);
        ShouldSpeakOnly(caller, callerAddress);
    }

    [Fact]
    public async Task LargeInvite_WhenTheTrunkHasNoTcp_ReachesItByUdp()
    {
        var line = await product.NewLineAsync();
        await MovedTrunk.SeenAsync(product);
        var before = await product.NodeMetricAsync("calltracker_sip_fell_back_to_udp_total");
        var talk = Scripts.ShortTalk.Replace("send INVITE", "send INVITE large", StringComparison.Ordinal);
        await line.CallAsync(talk, Scripts.Answer);
        (await line.RowAsync()).DialStat.ShouldBe("normal");
        (await product.NodeMetricAsync("calltracker_sip_fell_back_to_udp_total")).ShouldBe(before + 1);
    }

    private const string ShortWithAudio =
        """
        send INVITE
        recv 100?
        recv 180?
        recv 200
        send ACK
        rtp
        pause 600
        rtp stop
        send BYE
        recv 200
        """;

    private static async Task ShouldBeNormalAsync(Line line)
    {
        var row = await line.RowAsync();
        row.DialStat.ShouldBe("normal");
        row.HupUsr.ShouldBe("caller");
        row.InRelayed.ShouldBeGreaterThan(20);
        row.OutRelayed.ShouldBeGreaterThan(20);
    }

    // No address of the other IP version in anything that this side was sent.
    private static void ShouldSpeakOnly(SippRun side, string address)
    {
        side.Messages.ShouldContain(address == "::1" ? "c=IN IP6 ::1" : "c=IN IP4 127.0.0.1");
        side.Messages.ShouldNotContain(address == "::1" ? "127.0.0.1" : "::1");
    }

    private Task<SippRun> StartShopAsync(Line line, string script, string address, string transport) =>
        SippRun.StartShopAsync(product, script, line.ShopPorts[0], 1, address: address, transport: transport);

    private Task MoveTrunkAsync(Line line, string transport, string address) =>
        MovedTrunk.ToAsync(product, line, transport, address);

    private static string Bracket(string address) => address.Contains(':') ? $"[{address}]" : address;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
