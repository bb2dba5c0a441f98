using System.Text.Json;
using System.Text.RegularExpressions;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Stir;

/// <summary>
/// Callers whose carrier signs, and what a shop's carrier gets of it: SIPp on both sides of the running product. Each
/// test calls from an address of its own, admitted by a trunk that verifies.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed partial class StirTests(Product product)
{
    [Fact]
    public async Task Identity_Good_IsVerifiedRecordedAndDiverted()
    {
        var line = await NewLineAsync("127.0.7.2");
        var caller = Line.NewCaller();
        var identity = product.Stir.Identity(caller, line.DinId, "A");
        var shop = await CallAsync(line, caller, "127.0.7.2", identity);

        var carried = IdentityPattern().Matches(shop).Select(match => match.Groups[1].Value).ToArray();
        carried.Length.ShouldBe(2, shop);
        carried[0].ShouldBe(identity);
        var (header, claims) = await product.Stir.OpenAsync(carried[1]);
        header.ShouldStartWith("{\"alg\":\"ES256\",\"ppt\":\"div\",\"typ\":\"passport\",\"x5u\":");
        using var div = JsonDocument.Parse(claims);
        Tn(div, "orig").ShouldBe(StirKit.Canonical(caller));
        Tn(div, "div").ShouldBe(StirKit.Canonical(line.DinId));
        div.RootElement.GetProperty("dest").GetProperty("tn")[0].GetString()
            .ShouldBe(StirKit.Canonical(line.Destinations[0]));
        shop.ShouldContain($"sip:{caller};verstat=TN-Validation-Passed@");
        await RecordedAsync(line, "TN-Validation-Passed", "A", 0);
        (await product.NodeMetricAsync("calltracker_stir_verifications_total{verstat=\"passed\"}"))
            .ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Identity_OfAnotherCaller_IsRecordedAsFailedAndTheCallGoesThrough()
    {
        var line = await NewLineAsync("127.0.7.3");
        var identity = product.Stir.Identity("0300000000", line.DinId, "A");
        var shop = await CallAsync(line, Line.NewCaller(), "127.0.7.3", identity);

        IdentityPattern().Matches(shop).Select(match => match.Groups[1].Value).ShouldBe([identity]);
        await RecordedAsync(line, "TN-Validation-Failed", "", 438);
    }

    [Fact]
    public async Task Certificate_NeverComing_HoldsTheCallUpForAMomentOnly()
    {
        var line = await NewLineAsync("127.0.7.4");
        var caller = Line.NewCaller();
        var url = product.Stir.Web.ServeRaw("silent.pem", "");
        await CallAsync(line, caller, "127.0.7.4", product.Stir.Identity(caller, line.DinId, "A", url));

        await RecordedAsync(line, "No-TN-Validation", "", 436);
        (await line.RowAsync()).CallingSec.ShouldBeLessThan(3);
    }

    [Fact]
    public async Task Call_WithoutIdentity_IsSignedAsAGatewayDoes()
    {
        var line = await NewLineAsync("127.0.7.5");
        var caller = Line.NewCaller();
        var shop = await CallAsync(line, caller, "127.0.7.5", identity: null);

        var ours = IdentityPattern().Matches(shop).ShouldHaveSingleItem().Groups[1].Value;
        var (header, claims) = await product.Stir.OpenAsync(ours);
        header.ShouldContain("\"ppt\":\"shaken\"");
        using var shaken = JsonDocument.Parse(claims);
        shaken.RootElement.GetProperty("attest").GetString().ShouldBe("C");
        Tn(shaken, "orig").ShouldBe(StirKit.Canonical(caller));
        await RecordedAsync(line, "No-TN-Validation", "", 428);
    }

    // A line whose shop's trunk signs, and a trunk that verifies what comes from the address.
    private async Task<Line> NewLineAsync(string address)
    {
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "stir-" + address.Replace('.', '-'),
            name = "carrier that signs",
            address = address + ":5060",
            prefixes = Array.Empty<string>(),
            inbound_from = new[] { address },
            stir = "verify",
        });
        var line = await product.NewLineAsync();
        var trunk = "/v1/trunks/e2e-" + line.Destinations[0];
        await product.Http.WriteAsync(HttpMethod.Patch, trunk, new { stir = "sign" });
        // Three changes in a row, on a machine that may be busy: more patience than one change needs.
        await product.ChangeSeenAsync();
        return line;
    }

    // A short call; what the shop saw of it.
    private static async Task<string> CallAsync(Line line, string caller, string address, string? identity)
    {
        var shop = await line.StartShopAsync(Scripts.Answer);
        var script = identity is null ? Scripts.ShortTalk : $"header Identity: {identity}\n{Scripts.ShortTalk}";
        var options = new SippCallerOptions { Number = caller, Address = address };
        await SippRun.SucceedAsync([shop, line.StartCaller(script, options)]);
        return shop.Messages;
    }

    private async Task RecordedAsync(Line line, string verstat, string attest, int code)
    {
        var row = await line.RowAsync();
        row.DialStat.ShouldBe("normal");
        var (_, text) = await product.Http.SendAsync(HttpMethod.Get, "/v1/calls/" + row.TrnId);
        using var json = JsonDocument.Parse(text);
        var call = json.RootElement;
        (call.GetProperty("verstat").GetString(), call.GetProperty("attest").GetString(),
            call.GetProperty("stir_code").GetInt32()).ShouldBe((verstat, attest, code));
    }

    private static string? Tn(JsonDocument claims, string name) =>
        claims.RootElement.GetProperty(name).GetProperty("tn").GetString();

    [GeneratedRegex("(?m)^Identity: ([^\\r\\n]+)")]
    private static partial Regex IdentityPattern();
}
