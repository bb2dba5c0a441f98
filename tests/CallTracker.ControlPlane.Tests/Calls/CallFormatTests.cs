using System.Net;
using System.Text;
using CallTracker.Contracts.Calls;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Calls;

/// <summary>The four formats of the call log, to the byte where it matters.</summary>
public sealed class CallFormatTests(Stack stack)
{
    /// <summary>2026-09-01 10:00:00.123 in Japan.</summary>
    private const long StartMs = 1_788_224_400_123;

    private const string Columns = "seq_num,trn_id,client_name,clr_id_cipher,din_tms,tst_tms,talking_sec,dial_stat,"
        + "dial_stat_label,clr_type,hup_usr,logvars.valid_res";

    [Fact]
    public async Task Json_OneCall_HasEveryKeyOfTheProduct()
    {
        var (tenant, call) = await NewCallAsync();
        var json = (await tenant.Admin.GetAsync("/v1/calls")).Expect(HttpStatusCode.OK).Json.GetProperty("calls")[0];
        string[] keys =
        [
            "seq_num", "trn_id", "din_id", "client_id", "client_name", "dialin_id", "dialin_name", "fwd_id",
            "clr_id_cipher",
            "din_tms", "tst_tms", "eoc_tms", "calling_sec", "talking_sec", "conn_sec", "dial_stat", "dial_stat_label",
            "clr_type", "fwd_type", "hup_usr", "logvars",
        ];
        json.EnumerateObject().Take(keys.Length).Select(m => m.Name).ShouldBe(keys);
        json.GetProperty("trn_id").GetString().ShouldBe(call.TrnId);
        json.GetProperty("clr_id_cipher").GetString().ShouldBe("09011112222");
        json.GetProperty("din_tms").GetString().ShouldBe("2026-09-01T10:00:00.123+09:00");
        json.GetProperty("tst_tms").GetString().ShouldBe("2026-09-01T10:00:05.123+09:00");
        json.GetProperty("eoc_tms").GetString().ShouldBe("2026-09-01T10:01:05.123+09:00");
        (Number("calling_sec"), Number("talking_sec"), Number("conn_sec")).ShouldBe((4, 60, 65));
        (Text("dial_stat"), Text("dial_stat_label")).ShouldBe(("normal", "正常通話"));
        (Text("clr_type"), Text("fwd_type"), Text("hup_usr")).ShouldBe(("携帯・PHS", "固定電話", "発信者"));
        json.GetProperty("logvars").GetProperty("valid_res").GetString().ShouldBe("有効");
        json.GetProperty("attempts")[0].GetProperty("fwd_id").GetString().ShouldBe("0312345678");
        (Number("sip_code"), Text("end_reason"), Text("trunk_in"),
            Text("trunk_out")).ShouldBe((200, "bye", "t-in", "t-out"));
        json.TryGetProperty("call_charge", out _).ShouldBeFalse();
        json.TryGetProperty("nfy_email", out _).ShouldBeFalse();

        int Number(string key) => json.GetProperty(key).GetInt32();
        string Text(string key) => json.GetProperty(key).GetString()!;
    }

    [Fact]
    public async Task Verification_OfTheCaller_IsInEveryFormat()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAndJudgeAsync(tenant.Call("a", StartMs, verstat: "TN-Validation-Passed", attest: "B"));
        var json = (await tenant.Admin.GetAsync("/v1/calls")).Json.GetProperty("calls")[0];
        json.GetProperty("verstat").GetString().ShouldBe("TN-Validation-Passed");
        json.GetProperty("attest").GetString().ShouldBe("B");
        json.GetProperty("stir_code").GetInt32().ShouldBe(0);
        (await tenant.Admin.GetAsync("/v1/calls?format=csv&headers=labels&columns=verstat,attest,stir_code")).Text
            .ShouldBe("発信者番号検証,発信者番号証明,検証理由コード\r\nTN-Validation-Passed,B,0\r\n");
    }

    [Fact]
    public async Task Quality_OfTheMedia_IsInEveryFormatAndSortable()
    {
        const string Keys = "in_mos,in_rtt_us,in_jitter_max_us,in_first_packet_ms,out_mos,media_fault";
        var tenant = await stack.NewTenantAsync();
        var good = new MediaFigures(100, 17_200, 0, 5, 100, 0, new(0, 0, 4, 9, 0, 30, 0, 12_345, 20, 441));
        var bad = good with { Quality = good.Quality with { MosTimes100 = 310 } };
        await stack.ShipAndJudgeAsync(
            tenant.Call("a", StartMs, inboundMedia: good), tenant.Call("b", StartMs + 1000, inboundMedia: bad),
            tenant.Call("c", StartMs + 2000));
        var rows = (await tenant.Admin.GetAsync("/v1/calls?sort=-in_mos&columns=" + Keys)).Json.GetProperty("calls");
        rows.EnumerateArray().Select(r => r.GetProperty("in_mos").ToString()).ShouldBe(["4.41", "3.1", ""]);
        rows[0].GetProperty("in_rtt_us").GetInt32().ShouldBe(12_345);
        rows[0].GetProperty("in_first_packet_ms").GetInt32().ShouldBe(0);
        rows[0].GetProperty("out_mos").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        rows[2].GetProperty("in_first_packet_ms").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var page = (await tenant.Admin.GetAsync("/v1/calls?sort=-in_mos&limit=1&columns=in_mos")).Json;
        var next = page.GetProperty("next_cursor").GetString();
        (await tenant.Admin.GetAsync($"/v1/calls?sort=-in_mos&limit=1&columns=in_mos&cursor={next}")).Json
            .GetProperty("calls")[0].GetProperty("in_mos").GetDouble().ShouldBe(3.1);
        (await tenant.Admin.GetAsync($"/v1/calls?format=csv&sort=-in_mos&limit=1&columns={Keys}")).Text
            .ShouldBe(Keys + "\r\n4.41,12345,9,0,,\r\n");
    }

    [Fact]
    public async Task MediaMode_OfACall_IsACodeAndAWordInBothLanguages()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAndJudgeAsync(
            tenant.Call("a", StartMs, mediaMode: "direct"), tenant.Call("b", StartMs + 1000, mediaMode: "anchored"),
            tenant.Call("c", StartMs + 2000));
        const string Query =
            "/v1/calls?format=csv&headers=labels&sort=din_tms&columns=media_mode,media_mode_label&lang=";
        (await tenant.Admin.GetAsync(Query + "ja")).Text
            .ShouldBe("メディア経路コード,メディア経路\r\ndirect,直接\r\nanchored,中継\r\n,\r\n");
        (await tenant.Admin.GetAsync(Query + "en")).Text
            .ShouldBe("Media path code,Media path\r\ndirect,direct\r\nanchored,anchored\r\n,\r\n");
    }

    [Fact]
    public async Task Json_Unanswered_HasNullForTheAnswerAndBlankVerdict()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAndJudgeAsync(tenant.Call("a", StartMs, isAnswered: false));
        var call = (await tenant.Admin.GetAsync("/v1/calls")).Json.GetProperty("calls")[0];
        call.GetProperty("tst_tms").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        call.GetProperty("dial_stat_label").GetString().ShouldBe("話中");
        call.GetProperty("logvars").GetProperty("valid_res").GetString().ShouldBe("");
    }

    [Fact]
    public async Task Csv_OneCall_IsExact()
    {
        var (tenant, call) = await NewCallAsync("店, \"本\"");
        var answer = await tenant.Admin.GetAsync("/v1/calls?format=csv&columns=" + Columns);
        answer.Text.ShouldBe(
            Columns + "\r\n"
            + $"7,{call.TrnId},\"店, \"\"本\"\"\",09011112222,2026/09/01 10:00:00,2026/09/01 10:00:05,60,normal,"
            + "正常通話,携帯・PHS,発信者,有効\r\n");
        answer.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
    }

    [Fact]
    public async Task Tsv_OneCall_IsExact()
    {
        var (tenant, call) = await NewCallAsync();
        var answer = await tenant.Admin.GetAsync("/v1/calls?columns=trn_id,tst_tms,valid_res&lang=en",
            "text/tab-separated-values");
        answer.Text.ShouldBe($"trn_id\ttst_tms\tlogvars.valid_res\r\n{call.TrnId}\t2026/09/01 10:00:05\tvalid\r\n");
    }

    [Fact]
    public async Task Csv_LabelsAndBom_AreOptions()
    {
        var (tenant, _) = await NewCallAsync();
        var answer = await tenant.Admin.GetAsync(
            "/v1/calls?format=csv&headers=labels&bom=1&columns=din_id,logvars.valid_res");
        var bytes = await answer.Response.Content.ReadAsByteArrayAsync();
        bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        Encoding.UTF8.GetString(bytes[3..]).ShouldBe("トラッキング番号,有効判定\r\n0120000001,有効\r\n");
        (await tenant.Admin.GetAsync("/v1/calls?format=csv&headers=labels&lang=en&columns=din_id,hup_usr")).Text
            .ShouldBe("Tracking number,Hung up by\r\n0120000001,caller\r\n");
    }

    [Theory]
    [InlineData("=1+2", "'=1+2")]
    [InlineData("+81", "'+81")]
    [InlineData("-x", "'-x")]
    [InlineData("@x", "'@x")]
    [InlineData("a=b", "a=b")]
    public async Task Csv_CellLikeAFormula_IsMadeText(string name, string expected)
    {
        var (tenant, _) = await NewCallAsync(name);
        (await tenant.Admin.GetAsync("/v1/calls?format=csv&columns=client_name")).Text
            .ShouldBe($"client_name\r\n{expected}\r\n");
        (await tenant.Admin.GetAsync("/v1/calls?columns=client_name")).Json.GetProperty("calls")[0]
            .GetProperty("client_name").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task Ndjson_TwoCalls_IsOneObjectALine()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAndJudgeAsync(tenant.Call("a", StartMs), tenant.Call("b", StartMs + 1000));
        var answer = await tenant.Admin.GetAsync("/v1/calls?columns=trn_id,valid_res&sort=din_tms",
            "application/x-ndjson");
        answer.Text.ShouldBe(
            $$$"""
            {"trn_id":"{{{tenant.TrnId("a")}}}","logvars":{"valid_res":"有効"}}
            {"trn_id":"{{{tenant.TrnId("b")}}}","logvars":{"valid_res":"無効(重複)"}}

            """);
    }

    [Fact]
    public async Task Formats_WithoutCalls_AreEmptyButWhole()
    {
        var tenant = await stack.NewTenantAsync();
        (await tenant.Admin.GetAsync("/v1/calls")).Text.ShouldBe("""{"calls":[],"next_cursor":null}""");
        (await tenant.Admin.GetAsync("/v1/calls?format=ndjson")).Text.ShouldBe("");
        (await tenant.Admin.GetAsync("/v1/calls?format=csv&columns=trn_id")).Text.ShouldBe("trn_id\r\n");
    }

    [Fact]
    public async Task CallerNumber_WithoutPii_IsSealed()
    {
        var (tenant, call) = await NewCallAsync();
        var reader = await tenant.KeyAsync("calls:read");
        foreach (var format in (string[])["json", "csv", "tsv", "ndjson"])
        {
            var answer = await reader.GetAsync($"/v1/calls?columns=clr_id_cipher&format={format}");
            var text = answer.Expect(HttpStatusCode.OK).Text;
            text.ShouldContain(call.ClrIdCipher);
            text.ShouldNotContain("09011112222");
        }
        (await reader.GetAsync("/v1/calls/" + call.TrnId)).Text.ShouldNotContain("09011112222");
        (await (await tenant.KeyAsync("calls:read pii:read")).GetAsync("/v1/calls/"
            + call.TrnId)).Text.ShouldContain("09011112222");
    }

    [Fact]
    public async Task OneCall_ById_HasEverythingAndBelongsToItsTenant()
    {
        var (tenant, call) = await NewCallAsync();
        var answer = (await tenant.Admin.GetAsync("/v1/calls/" + call.TrnId)).Expect(HttpStatusCode.OK);
        answer["verdict_reason"].ShouldBe("counted");
        answer["clr_id_cipher"].ShouldBe("09011112222");
        (await (await stack.NewTenantAsync()).Admin.GetAsync("/v1/calls/" + call.TrnId))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.GetAsync("/v1/calls/" + new string('x', 24)))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.GetAsync("/v1/calls/x'")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        await tenant.WithAdvertiserAsync("c1");
        await tenant.WithAdvertiserAsync("c2");
        (await (await tenant.KeyAsync("calls:read", "c1")).GetAsync("/v1/calls/"
            + call.TrnId)).Expect(HttpStatusCode.OK);
        (await (await tenant.KeyAsync("calls:read", "c2")).GetAsync("/v1/calls/" + call.TrnId))
            .Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(Tenant Tenant, CallRecord Call)> NewCallAsync(string? clientName = null)
    {
        var tenant = await stack.NewTenantAsync();
        var call = tenant.Call("a", StartMs, clientName: clientName ?? "広告主");
        call.SeqNum = 7;
        await stack.ShipAndJudgeAsync(call);
        return (tenant, call);
    }
}
