using System.Net;
using System.Text.Json;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Calls;

/// <summary>What the API changes, the next call sees; what the call leaves, the API shows.</summary>
[Collection(ProductCollection.Name)]
public sealed class ProvisioningTests(Product product)
{
    [Fact]
    public async Task Destination_Changed_GetsTheNextCall()
    {
        var line = await product.NewLineAsync(shopCount: 2);
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);

        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/numbers/" + line.DinId, new
        {
            destinations = new[] { new { fwd_id = line.Destinations[1], ring_sec = 20 } },
        });
        await product.ChangeSeenAsync();
        var shop = await line.StartShopAsync(Scripts.Answer, at: 1);
        await line.StartCaller(Scripts.ShortTalk).SucceedAsync();
        await shop.SucceedAsync();

        (await line.RowsAsync(2)).Select(row => row.FwdId).ShouldBe(line.Destinations);
    }

    [Fact]
    public async Task Number_Deleted_IsNotFoundByTheNextCall()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        await product.Http.WriteAsync(HttpMethod.Delete, "/v1/numbers/" + line.DinId, new { });
        await product.ChangeSeenAsync();
        await line.StartCaller(Scripts.Refused(404)).SucceedAsync();
    }

    [Theory]
    [InlineData("csv", ",")]
    [InlineData("tsv", "\t")]
    public async Task CallLog_AsTable_HasTheFixedKeys(string format, string separator)
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        var row = await line.RowAsync();

        var (status, text) = await product.Http.SendAsync(
            HttpMethod.Get,
            $"/v1/calls?format={format}&din_id={line.DinId}&columns=trn_id,din_id,dial_stat,calling_sec");
        status.ShouldBe(HttpStatusCode.OK, text);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines[0].Split(separator).ShouldBe(["trn_id", "din_id", "dial_stat", "calling_sec"]);
        lines[1].Split(separator)[..3].ShouldBe([row.TrnId, line.DinId, "normal"]);
    }

    [Fact]
    public async Task CallLog_AsJson_HasTheFixedKeys()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        var row = await line.RowAsync();
        await line.VerdictAsync(row.TrnId);

        var call = (await product.Http.CallsAsync("din_id=" + line.DinId)).Single();
        string[] keys =
            ["seq_num", "trn_id", "din_id", "client_id", "client_name", "dialin_id", "dialin_name", "fwd_id",
            "clr_id_cipher", "din_tms", "tst_tms", "eoc_tms", "calling_sec", "talking_sec", "conn_sec", "dial_stat",
            "clr_type", "fwd_type", "hup_usr"];
        foreach (var key in keys) call.TryGetProperty(key, out _).ShouldBeTrue(key);
        call.GetProperty("logvars").GetProperty("valid_res").GetString().ShouldBe("無効(未満)");
        call.GetProperty("trn_id").GetString().ShouldBe(row.TrnId);
        call.GetProperty("client_name").GetString().ShouldBe("試験");
        call.GetProperty("hup_usr").GetString().ShouldBe("発信者");
    }

    [Fact]
    public async Task CallerNumber_InLogsAndJournal_IsNowhereInClear()
    {
        var line = await product.NewLineAsync();
        var number = Line.NewCaller();
        var shop = await line.StartShopAsync(Scripts.Answer);
        await line.StartCaller(Scripts.ShortTalk, new Sipp.SippCallerOptions { Number = number }).SucceedAsync();
        await shop.SucceedAsync();
        await line.RowAsync();

        var leaks = Directory.EnumerateFiles(product.RunDir, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/sipp/") && Holds(file, number));
        leaks.ShouldBeEmpty();
        var call = (await product.Http.CallsAsync("din_id=" + line.DinId)).Single();
        JsonSerializer.Serialize(call).ShouldContain(number);
    }

    private static bool Holds(string file, string number)
    {
        try
        {
            return File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(number)) >= 0;
        }
        catch (IOException)
        {
            // ClickHouse merges its parts away while we look.
            return false;
        }
    }
}
