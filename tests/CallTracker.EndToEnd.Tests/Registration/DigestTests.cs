using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>
/// Digest authentication both ways between the running product and SIPp, which makes and checks digests.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class DigestTests(Product product)
{
    [Fact]
    public async Task Shop_Challenging_GetsRightDigestsForInviteAndBye()
    {
        var line = await product.NewLineAsync();
        await product.GiveUserAsync(line, "node");
        await line.CallAsync(Scripts.ShortTalk, Accounts.Scenario("shop-challenges", "node"));
        var row = await line.RowAsync();
        (row.DialStat, row.SipCode).ShouldBe(("normal", 200));
        row.AttemptSipCodes.ShouldBe([200]);
    }

    [Fact]
    public async Task Shop_RefusingOurPassword_IsTriedTwiceAndNoMore()
    {
        var line = await product.NewLineAsync();
        await product.GiveUserAsync(line, "node", "not the password");
        await line.CallAsync(Scripts.Refused(503), Accounts.Scenario("shop-refuses", "node"));
        (await line.RowAsync()).AttemptSipCodes.ShouldBe([407]);
    }

    [Fact]
    public async Task Pbx_ThatIsChallenged_CallsWithItsDigestOnly()
    {
        var line = await product.NewLineAsync();
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "e2e-pbx",
            name = "pbx",
            address = "127.0.0.6:5060",
            username = "pbx",
            secret = Accounts.Secret,
            challenge_inbound = true,
            prefixes = Array.Empty<string>(),
            inbound_from = new[] { "127.0.0.6" },
        });
        await product.ChangeSeenAsync();
        var at = new SippCallerOptions { Address = "127.0.0.6", LimitSec = 10 };
        var shop = await line.StartShopAsync(Scripts.Answer);
        (await line.StartCaller(Accounts.Scenario("pbx-calls", "pbx", "guess"), at).ExitAsync()).ShouldNotBe(0);
        (await product.RowsAsync(line.DinId)).ShouldBeEmpty();
        var caller = line.StartCaller(Accounts.Scenario("pbx-calls", "pbx"), at);
        await SippRun.SucceedAsync([shop, caller]);
        var row = await line.RowAsync();
        (row.DialStat, row.HupUsr).ShouldBe(("normal", "caller"));
        await product.RemoveTrunkAsync("e2e-pbx");
    }

    [Fact]
    public async Task Phone_FromAnUnknownAddress_RegistersCallsAndLeaves()
    {
        var line = await product.NewLineAsync();
        await product.AddPhoneAsync("2001");
        var bindings = await product.NodeMetricAsync("calltracker_sip_bindings");
        var shop = await line.StartShopAsync(Scripts.Answer);
        var caller = line.StartCaller(
            Accounts.Scenario("phone-calls", "2001"), new SippCallerOptions { Address = "127.0.0.7", LimitSec = 15 });
        await SippRun.SucceedAsync([shop, caller]);
        (await line.RowAsync()).DialStat.ShouldBe("normal");
        (await product.NodeMetricAsync("calltracker_sip_bindings")).ShouldBeLessThanOrEqualTo(bindings);
        await product.RemoveTrunkAsync("e2e-2001");
    }
}
