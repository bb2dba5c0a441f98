using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Ringback;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Dtmf;

/// <summary>Digits of SIPp's own making, through two trunks of different ways.</summary>
[Collection(ProductCollection.Name)]
public sealed class DtmfTests(Product product)
{
    private const int EventType = 101;

    [Fact]
    public async Task Info_OfTheCaller_ReachesTheShopAsTelephoneEvents()
    {
        using var ear = new RtpEar();
        var line = await LineAsync(carrier: "info", shop: "rfc4733");
        try
        {
            var shop = await line.StartShopAsync($"""
                recv INVITE /telephone-event\/8000/
                answer 200 OK sdp port={ear.Port}
                recv ACK
                recv BYE
                answer 200 OK
                """);
            var caller = line.StartCaller("""
                send INVITE sdp
                recv 100?
                recv 200
                send ACK
                rtp
                pause 300
                send INFO
                recv 200
                pause 600
                send BYE
                recv 200
                """);
            await SippRun.SucceedAsync([shop, caller]);
            var events = ear.Heard.Where(packet => packet.Type == EventType).ToList();
            events.ShouldNotBeEmpty();
            events.ShouldAllBe(packet => packet.Payload[0] == 5 && packet.Timestamp == events[0].Timestamp);
            events.Count(packet => (packet.Payload[1] & 0x80) != 0).ShouldBe(3);
            // 160 ms of the INFO at 8 kHz.
            ((events[^1].Payload[2] << 8) | events[^1].Payload[3]).ShouldBe(1280);
        }
        finally
        {
            await SetAsync("e2e-carrier", "pass");
        }
    }

    [Fact]
    public async Task TelephoneEvents_OfTheCaller_ReachTheShopAsInfo()
    {
        var line = await LineAsync(carrier: "rfc4733", shop: "info");
        try
        {
            var shop = await line.StartShopAsync("""
                recv INVITE
                answer 200 OK sdp pcmu
                recv ACK
                recv INFO /Signal=7/
                answer 200 OK
                recv INFO /Signal=#/
                answer 200 OK
                recv BYE
                answer 200 OK
                """);
            var caller = line.StartCaller("""
                send INVITE events=96
                recv 100?
                recv 200
                send ACK
                pause 300
                dtmf 7#
                pause 2500
                send BYE
                recv 200
                """);
            await SippRun.SucceedAsync([shop, caller]);
            shop.Messages.ShouldNotContain("telephone-event");
        }
        finally
        {
            await SetAsync("e2e-carrier", "pass");
        }
    }

    private async Task<Line> LineAsync(string carrier, string shop)
    {
        var line = await product.NewLineAsync();
        await SetAsync("e2e-carrier", carrier);
        await SetAsync("e2e-" + line.Destinations[0], shop);
        return line;
    }

    private async Task SetAsync(string trunk, string dtmf)
    {
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/" + trunk, new { dtmf });
        await product.ChangeSeenAsync();
    }
}
