using System.Net;
using System.Net.Sockets;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>A phone that is no test program of ours registers, calls and hears.</summary>
[Collection(ProductCollection.Name)]
public sealed class SoftphoneTests(Product product)
{
    [Fact]
    public async Task Baresip_RegisteredAndCalling_HearsTheShopsEchoOfItsOwnTone()
    {
        var line = await product.NewLineAsync();
        await product.AddPhoneAsync("3001");
        // The phone sends sound from 127.0.0.1, so it must register from there: the carrier moves away meanwhile.
        await MoveCarrierAsync("127.0.0.99");
        try
        {
            var shop = await line.StartShopAsync(Scripts.Answer
                .Replace("sdp", "sdp pcmu", StringComparison.Ordinal));
            await using var phone = await Softphone.StartAsync(product, "3001");
            // Phones of other tests may have left theirs behind.
            var bindings = await product.NodeMetricAsync("calltracker_sip_bindings");
            bindings.ShouldBeGreaterThan(0);
            await phone.CallAsync($"sip:{line.DinId}@127.0.0.1:{product.SipPort}");
            // The talk itself: so long the phone must hear its own tone.
            await Task.Delay(3000);
            await phone.LeaveAsync();
            await shop.SucceedAsync();
            var (sec, toneShare) = phone.Heard;
            sec.ShouldBeInRange(2, 4);
            toneShare.ShouldBeGreaterThan(0.8, phone.Output);
            var row = await line.RowAsync();
            (row.DialStat, row.HupUsr).ShouldBe(("normal", "caller"));
            row.OutRelayed.ShouldBeGreaterThan(100);
            await Wait.UntilAsync("unregistered", 5000, async () =>
                await product.NodeMetricAsync("calltracker_sip_bindings") < bindings);
        }
        finally
        {
            await MoveCarrierAsync("127.0.0.1");
            await product.RemoveTrunkAsync("e2e-3001");
        }
    }

    [Theory]
    [InlineData("tcp", "3002")]
    [InlineData("tls", "3003")]
    public async Task Baresip_FromAnUnknownAddressOverAConnection_RegistersCallsAndHears(string transport, string user)
    {
        var line = await product.NewLineAsync();
        await product.AddPhoneAsync(user);
        await using var detour = new TcpDetour(
            IPAddress.Parse("127.0.0.77"), transport == "tls" ? product.SipTlsPort : product.SipPort);
        try
        {
            var shop = await line.StartShopAsync(Scripts.Answer
                .Replace("sdp", "sdp pcmu", StringComparison.Ordinal));
            await using var phone = await Softphone.StartAsync(product, user, transport, detour.Port);
            await phone.CallAsync($"sip:{line.DinId}@127.0.0.1:{product.SipPort};transport={transport}");
            // The talk itself: so long the phone must hear its own tone.
            await Task.Delay(3000);
            await phone.LeaveAsync();
            await shop.SucceedAsync();
            detour.Count.ShouldBe(1, "the connection that registered serves the call");
            phone.Heard.Sec.ShouldBeInRange(2, 4);
            phone.Heard.ToneShare.ShouldBeGreaterThan(0.8, phone.Output);
            var row = await line.RowAsync();
            (row.DialStat, row.HupUsr).ShouldBe(("normal", "caller"));
        }
        finally
        {
            await product.RemoveTrunkAsync("e2e-" + user);
        }
    }

    [Fact]
    public async Task Connection_OfAStrangerThatDoesNotRegister_IsClosedAndCounted()
    {
        const string Closed = "calltracker_sip_connections_closed_total";
        await product.AddPhoneAsync("3004");
        try
        {
            using var stranger = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.78"), 0));
            await stranger.ConnectAsync(IPAddress.Loopback, product.SipPort);
            var stream = stranger.GetStream();
            await stream.WriteAsync("OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            (await stream.ReadAsync(new byte[100]).AsTask().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
            await Wait.UntilAsync("counted", 5000, async () =>
                await product.NodeMetricAsync(Closed + "{cause=\"unauthenticated\"}") > 0
                || (await product.Http.NodePageAsync("/metrics"))
                    .Contains("cause=\"unauthenticated\"", StringComparison.Ordinal));
        }
        finally
        {
            await product.RemoveTrunkAsync("e2e-3004");
        }
    }

    private async Task MoveCarrierAsync(string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-carrier", new { inbound_from = new[] { address } });
        await product.ChangeSeenAsync();
    }
}
