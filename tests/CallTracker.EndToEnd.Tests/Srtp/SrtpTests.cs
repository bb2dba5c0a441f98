using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Registration;

namespace CallTracker.EndToEnd.Tests.Srtp;

/// <summary>
/// SRTP of another make (baresip's libre) through the product: what is heard tells that it was opened and sealed.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class SrtpTests(Product product)
{
    [Fact]
    public async Task SecurePhone_CallingAPlainShop_HearsTheEchoOfItsOwnTone()
    {
        var line = await product.NewLineAsync();
        await product.AddSecurePhoneAsync("3101");
        await MoveCarrierAsync("127.0.0.99");
        try
        {
            var shop = await line.StartShopAsync(Scripts.Answer
                .Replace("sdp", "sdp pcmu", StringComparison.Ordinal));
            await using var phone = await Softphone.StartAsync(product, "3101", isSecure: true);
            await phone.CallAsync(Uri(line));
            // The talk itself: so long the phone must hear its own tone.
            await Task.Delay(3000);
            (await product.NodeMetricAsync("calltracker_relay_secure_sides")).ShouldBe(1);
            await phone.LeaveAsync();
            await shop.SucceedAsync();
            phone.Output.ShouldContain("SRTP is Enabled");
            shop.Messages.ShouldContain(" RTP/AVP ");
            shop.Messages.ShouldNotContain("crypto");
            var (sec, toneShare) = phone.Heard;
            sec.ShouldBeInRange(2, 4);
            toneShare.ShouldBeGreaterThan(0.8, phone.Output);
            (await line.RowAsync()).OutRelayed.ShouldBeGreaterThan(100);
            (await product.NodeMetricAsync("calltracker_relay_secure_sides")).ShouldBe(0);
        }
        finally
        {
            await MoveCarrierAsync("127.0.0.1");
            await product.RemoveTrunkAsync("e2e-3101");
        }
    }

    [Fact]
    public async Task SecurePhones_CallingEachOther_HearEachOthersTones()
    {
        const int CallersHz = 440;
        const int CalledHz = 1000;
        var line = await product.NewLineAsync();
        await product.AddSecurePhoneAsync("3102");
        await product.AddSecurePhoneAsync("3103", line.Destinations[0]);
        await product.RemoveTrunkAsync("e2e-" + line.Destinations[0]);
        await MoveCarrierAsync("127.0.0.99");
        try
        {
            await using var called = await Softphone.StartAsync(
                product, "3103", isSecure: true, toneHz: CalledHz, answers: true);
            await using var caller = await Softphone.StartAsync(
                product, "3102", isSecure: true, toneHz: CallersHz);
            await caller.CallAsync(Uri(line));
            // The talk itself: so long each must hear the other.
            await Task.Delay(3000);
            (await product.NodeMetricAsync("calltracker_relay_secure_sides")).ShouldBe(2);
            await caller.LeaveAsync();
            await called.SaysAsync("terminated");
            caller.HeardOf(CalledHz).ToneShare.ShouldBeGreaterThan(0.8, caller.Output);
            called.HeardOf(CallersHz).ToneShare.ShouldBeGreaterThan(0.8, called.Output);
            var row = await line.RowAsync();
            row.OutRelayed.ShouldBeGreaterThan(100);
        }
        finally
        {
            await MoveCarrierAsync("127.0.0.1");
            await product.RemoveTrunkAsync("e2e-3102");
            await product.RemoveTrunkAsync("e2e-3103");
        }
    }

    [Fact]
    public async Task SecureOffer_OnATrunkWithoutSrtp_Is488()
    {
        var line = await product.NewLineAsync();
        await product.AddSecurePhoneAsync("3104");
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-3104", new { srtp = "off" });
        await product.ChangeSeenAsync();
        await MoveCarrierAsync("127.0.0.99");
        try
        {
            await using var phone = await Softphone.StartAsync(product, "3104", isSecure: true);
            await phone.DialAsync(Uri(line));
            await phone.SaysAsync("488");
            (await line.RowAsync()).SipCode.ShouldBe(488);
        }
        finally
        {
            await MoveCarrierAsync("127.0.0.1");
            await product.RemoveTrunkAsync("e2e-3104");
        }
    }

    private string Uri(Line line) =>
        FormattableString.Invariant($"sip:{line.DinId}@127.0.0.1:{product.SipTlsPort};transport=tls");

    // The phones send from 127.0.0.1, which is the carrier's otherwise.
    private async Task MoveCarrierAsync(string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-carrier", new { inbound_from = new[] { address } });
        await product.ChangeSeenAsync();
    }
}
