using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Identity;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Recording;
using CallTracker.EndToEnd.Tests.Registration;

namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>
/// A real browser's WebRTC through the product, ICE, DTLS and SRTP of its own make: it hears and is heard.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class BrowserTests(Product product)
{
    private const string Address = "127.0.0.77";
    private const string Timeouts = "calltracker_dtls_handshakes_total{result=\"timeout\"}";
    // So long both must hear each other.
    private const int TalkMs = 3000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Browser_CallingATelephone_HearsAndIsHeard(bool withVideo)
    {
        var line = await product.NewLineAsync();
        await AddBrowserTrunkAsync();
        try
        {
            await using var echo = new RtpEcho();
            var shop = await line.StartShopAsync(Scripts.Answer.Replace(
                "sdp", FormattableString.Invariant($"sdp port={echo.Port}"), StringComparison.Ordinal));
            await using var phone = await BrowserPhone.StartAsync(product);
            using var caller = new RawCaller(product, line.DinId, Address);
            var invite = caller.Invite(sdp: await phone.OfferAsync(withVideo));
            var answer = await caller.CallAsync(invite);
            await phone.TakeAnswerAsync(SdpOf(answer));
            await phone.ConnectedAsync();
            await Task.Delay(TalkMs);
            var stats = await phone.StatsAsync();
            (await product.NodeMetricAsync("calltracker_relay_secure_sides")).ShouldBe(1);
            await caller.HangUpAsync(invite, answer);
            await shop.SucceedAsync();
            shop.Messages.ShouldContain(" RTP/AVP ");
            shop.Messages.ShouldNotContain("fingerprint");
            AssertTalked(stats);
            // The first half second may hold what the browser sent while it woke up.
            var heard = echo.Sound.Skip(ToneCodec.RateHz / 2).ToList();
            heard.Count.ShouldBeGreaterThan(ToneCodec.RateHz);
            ToneCodec.Share(heard, BrowserPhone.ToneHz).ShouldBeGreaterThan(0.8);
            var row = await line.RowAsync();
            (row.EndReason, row.InRelayed > 100, row.OutRelayed > 100).ShouldBe(("bye", true, true));
        }
        finally
        {
            await product.RemoveTrunkAsync("e2e-browser");
        }
    }

    [Fact]
    public async Task Telephone_CallingABrowser_HearsAndIsHeard()
    {
        var line = await product.NewLineAsync();
        await using var phone = await BrowserPhone.StartAsync(product);
        await using var shop = new RawShop(phone.AnswerAsync);
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-" + line.Destinations[0],
            new { address = FormattableString.Invariant($"127.0.0.1:{shop.Port}"), srtp = "dtls" });
        await product.ChangeSeenAsync();
        await using var echo = new RtpEcho();
        await using var mouth = new RtpMouth(BrowserPhone.ToneHz);
        var caller = line.StartCaller(Scripts.ShortTalk
            .Replace("send INVITE", FormattableString.Invariant($"send INVITE port={mouth.Port}"),
                StringComparison.Ordinal)
            .Replace("pause 300", "pause 6000", StringComparison.Ordinal));
        await caller.SeenAsync("\nACK ");
        mouth.Speak(PortIn(caller.Messages));
        await phone.ConnectedAsync();
        await Task.Delay(TalkMs);
        AssertTalked(await phone.StatsAsync());
        await caller.SucceedAsync();
        await shop.ByeAsync();
        var row = await line.RowAsync();
        (row.EndReason, row.InRelayed > 100, row.OutRelayed > 100).ShouldBe(("bye", true, true));
    }

    // A browser whose page is gone: it never comes to ICE, and the call does not last.
    [Fact]
    public async Task Browser_ThatNeverConnects_IsHungUpWithTheReason()
    {
        var line = await product.NewLineAsync();
        await AddBrowserTrunkAsync();
        try
        {
            var shop = await line.StartShopAsync(Scripts.Answer);
            await using var phone = await BrowserPhone.StartAsync(product);
            using var caller = new RawCaller(product, line.DinId, Address);
            var failures = await product.NodeMetricAsync(Timeouts);
            await caller.CallAsync(caller.Invite(sdp: await phone.OfferAsync()));
            await shop.SucceedAsync();
            var row = await line.RowAsync();
            (row.EndReason, row.HupUsr).ShouldBe(("media_timeout", "system"));
            row.ConnSec.ShouldBeInRange(9, 13);
            (await product.NodeMetricAsync(Timeouts)).ShouldBe(failures + 1);
        }
        finally
        {
            await product.RemoveTrunkAsync("e2e-browser");
        }
    }

    private async Task AddBrowserTrunkAsync()
    {
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "e2e-browser",
            name = "browsers",
            address = Address + ":5060",
            prefixes = Array.Empty<string>(),
            inbound_from = new[] { Address },
            srtp = "dtls",
            probe_sec = 0,
        });
        await product.ChangeSeenAsync();
    }

    private static void AssertTalked(BrowserStats stats)
    {
        var all = stats.ToString();
        stats.Dtls.ShouldBe("connected", all);
        stats.Suite.ShouldEndWith("AEAD_AES_256_GCM", Case.Sensitive, all);
        stats.Sent.ShouldBeGreaterThan(100, all);
        stats.Received.ShouldBeGreaterThan(100, all);
        stats.Lost.ShouldBeLessThan(10, all);
        stats.Energy.ShouldBeGreaterThan(0.01, all);
    }

    private static string SdpOf(string message) =>
        message[(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    // Where the node takes the caller's voice.
    private static int PortIn(string messages)
    {
        var answer = messages[messages.IndexOf("SIP/2.0 200", StringComparison.Ordinal)..];
        var at = answer.IndexOf("m=audio ", StringComparison.Ordinal) + "m=audio ".Length;
        return int.Parse(answer.AsSpan(at, answer.AsSpan(at).IndexOf(' ')));
    }
}
