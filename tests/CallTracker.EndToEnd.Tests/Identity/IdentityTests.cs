using System.Text.RegularExpressions;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Identity;

/// <summary>Caller and forwarding as the shop's exchange is told of them, and as the record keeps them.</summary>
[Collection(ProductCollection.Name)]
public sealed class IdentityTests(Product product)
{
    private const string Pai = "P-Asserted-Identity: <tel:+81398765432>\r\n";

    [Fact]
    public async Task Caller_OfATrustedCarrier_ReachesTheShopAsserted()
    {
        var line = await product.NewLineAsync();
        var invite = await ShopSeesAsync(line, Pai, null);
        RawCaller.Header(invite, "From").ShouldStartWith("<sip:0398765432@");
        RawCaller.Header(invite, "P-Asserted-Identity").ShouldStartWith("<sip:0398765432@");
        RawCaller.Header(invite, "Diversion").ShouldMatch(
            $"^<sip:{line.DinId}@127.0.0.1;user=phone>;reason=unconditional;counter=1;privacy=off$");
        (await line.RowAsync()).ClrType.ShouldBe("fixed");
    }

    [Fact]
    public async Task Caller_Withheld_IsAnonymousEverywhereButInTheTrustDomain()
    {
        var line = await product.NewLineAsync();
        var trusted = await ShopSeesAsync(line, Pai + "Privacy: user;id\r\n", null);
        RawCaller.Header(trusted, "From").ShouldContain("anonymous@anonymous.invalid");
        RawCaller.Header(trusted, "Privacy").ShouldBe("id");
        RawCaller.Header(trusted, "P-Asserted-Identity").ShouldContain("0398765432");
        (await line.RowAsync()).ClrType.ShouldBe("withheld");

        var open = await product.NewLineAsync();
        await PatchTrunkAsync(open, new { trusted = false, forwarding_header = "both" });
        var untrusted = await ShopSeesAsync(open, Pai + "Privacy: id\r\n", null);
        untrusted.ShouldNotContain("0398765432");
        untrusted.ShouldNotContain("P-Asserted-Identity");
    }

    [Fact]
    public async Task Payphone_ByItsCategory_IsOneOnTheRecord()
    {
        var line = await product.NewLineAsync();
        var invite = await ShopSeesAsync(line, "P-Asserted-Identity: <sip:0398765432;cpc=payphone@c>\r\n", null);
        RawCaller.Header(invite, "P-Asserted-Identity").ShouldContain(";cpc=payphone");
        (await line.RowAsync()).ClrType.ShouldBe("payphone");
    }

    [Fact]
    public async Task Forwardings_BeforeOurs_AreCarriedInBothForms()
    {
        var line = await product.NewLineAsync();
        await PatchTrunkAsync(line, new { forwarding_header = "both", identity_header = "rpid" });
        var invite = await ShopSeesAsync(
            line, "Diversion: <sip:0333330001@secret.inside>;reason=user-busy;counter=1\r\n",
            "<sip:0311112222@secret.inside>");
        Regex.Count(invite, "(?m)^Diversion: ").ShouldBe(2);
        invite.ShouldMatch($"History-Info: <sip:{line.DinId}@127.0.0.1;cause=486>;index=1.1;mp=1\r");
        invite.ShouldMatch(
            $"History-Info: <sip:{line.Destinations[0]}@127.0.0.1:[0-9]+;cause=302>;index=1.1.1;mp=1.1\r");
        RawCaller.Header(invite, "Remote-Party-ID").ShouldContain("0311112222");
        invite.ShouldNotContain("secret.inside");
    }

    [Fact]
    public async Task Call_ThatCameByItsOwnNumber_IsALoopOnTheRecord()
    {
        var line = await product.NewLineAsync();
        using var caller = new RawCaller(product, line.DinId);
        caller.Send(caller.Invite($"Diversion: <sip:{line.DinId}@far.example>;reason=unconditional\r\n"));
        await caller.ReceiveAsync("SIP/2.0 482");
        var row = await line.RowAsync();
        (row.EndReason, row.SipCode).ShouldBe(("loop", 482));
    }

    private Task PatchTrunkAsync(Line line, object change) => PatchAsync("e2e-" + line.Destinations[0], change);

    private async Task PatchAsync(string trunk, object change)
    {
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/" + trunk, change);
        await product.ChangeSeenAsync();
    }

    // A whole call; the INVITE as the shop received it.
    private async Task<string> ShopSeesAsync(Line line, string headers, string? from)
    {
        var shop = await line.StartShopAsync(Scripts.Answer);
        using var caller = new RawCaller(product, line.DinId);
        var invite = caller.Invite(headers, from);
        var answer = await caller.CallAsync(invite);
        await caller.HangUpAsync(invite, answer);
        await shop.SucceedAsync();
        var text = shop.Messages.Replace("\r\n", "\n", StringComparison.Ordinal);
        var start = text.IndexOf("INVITE sip:", StringComparison.Ordinal);
        return text[start..text.IndexOf("\n\n", start, StringComparison.Ordinal)].Replace("\n", "\r\n",
            StringComparison.Ordinal) + "\r\n";
    }
}
