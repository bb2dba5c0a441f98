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
            (await product.NodeMetricAsync("calltracker_sip_bindings")).ShouldBe(1);
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
                await product.NodeMetricAsync("calltracker_sip_bindings") == 0);
        }
        finally
        {
            await MoveCarrierAsync("127.0.0.1");
            await product.RemoveTrunkAsync("e2e-3001");
        }
    }

    private async Task MoveCarrierAsync(string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-carrier", new { inbound_from = new[] { address } });
        await product.ChangeSeenAsync();
    }
}
