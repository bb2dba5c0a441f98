using System.Net;
using System.Text.Json;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Calls;

/// <summary>Filters, order and pages of the call log.</summary>
public sealed class CallListTests(Stack stack)
{
    private const long StartMs = 1_788_224_400_000;
    private const long HourMs = 3_600_000;

    [Theory]
    [InlineData("", "a b c d")]
    [InlineData("from=2026-09-01T11:00:00", "b c d")]
    [InlineData("from=2026-09-01T11:00:00%2B09:00&to=2026-09-01T12:00:00%2B09:00", "b")]
    [InlineData("from=2026-09-01T02:00:00Z&to=2026-09-01T03:00:00Z", "b")]
    [InlineData("from=2026-09-01T11:00:00+09:00", "b c d")]
    [InlineData("to=2026-09-01", "")]
    [InlineData("to=2026/09/01 11:00:00", "a")]
    [InlineData("din_id=0120", "a b")]
    [InlineData("din_id=%2B81 50", "c d")]
    [InlineData("fwd_id=06", "d")]
    [InlineData("client_id=c2", "c")]
    [InlineData("hup_usr=caller", "a b c d")]
    [InlineData("hup_usr=着信者", "")]
    [InlineData("dial_stat=busy", "d")]
    [InlineData("dial_stat=normal,busy", "a b c d")]
    [InlineData("dial_stat=話中", "d")]
    [InlineData("valid_res=duplicate", "b")]
    [InlineData("logvars.valid_res=有効", "a c")]
    [InlineData("valid_res=none", "d")]
    [InlineData("clr_type=mobile&dial_stat=normal&client_id=c1", "a b")]
    [InlineData("client_id=c1'%20OR%201=1", "")]
    public async Task Filter_OneOfEach_SelectsItsCalls(string query, string expected)
    {
        var tenant = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        var answer = await tenant.Admin.GetAsync("/v1/calls?sort=din_tms&" + query);
        Names(answer).ShouldBe(expected);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-09-02&to=2026-09-01", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("format=csv&limit=100001", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("sort=colour", "sort")]
    [InlineData("columns=trn_id,colour", "columns")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("format=xml", "format")]
    [InlineData("lang=fr", "lang")]
    [InlineData("hup_usr=nobody", "hup_usr")]
    [InlineData("dial_stat=normal,odd", "dial_stat")]
    [InlineData("din_id=abc", "din_id")]
    [InlineData("colour=1", "colour")]
    [InlineData("limit=1&limit=2", "limit")]
    public async Task Parameter_NotAcceptable_Is400WithItsName(string query, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        (await tenant.Admin.GetAsync("/v1/calls?" + query)).ExpectProblem(HttpStatusCode.BadRequest, "bad_parameter")
            .Pointers.ShouldBe([pointer]);
    }

    [Fact]
    public async Task Sort_ByEveryColumnBothWays_PagesHaveEachCallOnce()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        foreach (var column in CallTracker.ControlPlane.Calls.CallColumns.All)
        {
            foreach (var sort in (string[])[column.Key, "-" + column.Key])
            {
                var pages = await PagesAsync(tenant, $"/v1/calls?limit=1&columns=trn_id&sort={sort}");
                string.Join(" ", pages.Order()).ShouldBe("a b c d", sort);
            }
        }
    }

    [Fact]
    public async Task Sort_ByTalk_IsInOrder()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        Names(await tenant.Admin.GetAsync("/v1/calls?sort=-talking_sec")).ShouldBe("c b a d");
        Names(await tenant.Admin.GetAsync("/v1/calls?sort=tst_tms")).ShouldBe("d a b c");
        Names(await tenant.Admin.GetAsync("/v1/calls")).ShouldBe("d c b a");
    }

    [Fact]
    public async Task Cursor_WhileRowsArrive_NeitherShiftsNorDoubles()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAsync([.. Enumerable.Range(0, 20).Select(i => tenant.Call($"old{i:D2}", StartMs + i * 1000))]);
        var seen = new List<string>();
        var path = "/v1/calls?limit=6&columns=trn_id,din_tms";
        for (var page = 0; path.Length > 0; page++)
        {
            var answer = (await tenant.Admin.GetAsync(path)).Expect(HttpStatusCode.OK);
            seen.AddRange(Names(answer).Split(' '));
            // Newer and much older calls arrive between the pages; only the older ones lie ahead.
            await stack.ShipAsync(tenant.Call($"new{page}", StartMs + HourMs + page),
                tenant.Call($"late{page}", StartMs - HourMs - page));
            path = Next(answer);
        }
        seen.Distinct().Count().ShouldBe(seen.Count);
        seen.Where(n => n.StartsWith("old", StringComparison.Ordinal)).Count().ShouldBe(20);
        seen.ShouldNotContain(n => n.StartsWith("new", StringComparison.Ordinal));
        seen.ShouldContain("late0");
    }

    [Fact]
    public async Task Cursor_WithAnotherSort_IsRefused()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        var cursor = (await tenant.Admin.GetAsync("/v1/calls?limit=1"))["next_cursor"];
        (await tenant.Admin.GetAsync($"/v1/calls?limit=1&sort=talking_sec&cursor={cursor}"))
            .ExpectProblem(HttpStatusCode.BadRequest, "bad_parameter").Pointers.ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task Tenants_OperatorAndAdvertiser_SeeTheirOwnCalls()
    {
        var tenant = await stack.NewTenantAsync();
        var other = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        await tenant.WithAdvertiserAsync("c2");
        Names(await other.Admin.GetAsync("/v1/calls")).ShouldBe("");
        var bound = await tenant.KeyAsync("calls:read", "c2");
        Names(await bound.GetAsync("/v1/calls")).ShouldBe("c");
        Names(await bound.GetAsync("/v1/calls?client_id=c1")).ShouldBe("");
    }

    [Fact]
    public async Task View_RowShippedTwice_ShowsOneCall()
    {
        var tenant = await stack.NewTenantAsync();
        var call = tenant.Call("a", StartMs);
        await stack.ShipAndJudgeAsync(call);
        await stack.ShipAsync(call);
        Names(await tenant.Admin.GetAsync("/v1/calls")).ShouldBe("a");
        (await stack.ClickHouseServer.Query(
            $"SELECT count() FROM calltracker.call_log WHERE operator_id = '{tenant.OperatorId}'")).ShouldBe("1");
    }

    [Fact]
    public async Task View_OperatorAndTime_ReadByTheKeyOnBothSides()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipFourAsync(tenant);
        var plan = await stack.ClickHouseServer.Query(
            $"EXPLAIN indexes = 1 SELECT * FROM calltracker.call_log WHERE operator_id = '{tenant.OperatorId}' "
            + "AND din_tms >= '2026-09-01 00:00:00' AND din_tms < '2026-09-02 00:00:00' FORMAT TSVRaw");
        foreach (var table in (string[])["calltracker.call_records", "calltracker.verdicts"])
        {
            var part = plan[plan.IndexOf(table, StringComparison.Ordinal)..];
            part = part[part.IndexOf("PrimaryKey", StringComparison.Ordinal)..][..300];
            part.ShouldContain("operator_id");
            part.ShouldContain("din_tms");
        }
    }

    private Task ShipFourAsync(Tenant tenant) => stack.ShipAndJudgeAsync(
        tenant.Call("a", StartMs, 10),
        tenant.Call("b", StartMs + HourMs, 20),
        tenant.Call("c", StartMs + 2 * HourMs, 30, client: "c2", dinId: "05000000001"),
        tenant.Call("d", StartMs + 3 * HourMs, 0, isAnswered: false, dinId: "05000000002", fwdId: "0600000000"));

    private static async Task<List<string>> PagesAsync(Tenant tenant, string path)
    {
        var names = new List<string>();
        while (path.Length > 0)
        {
            var answer = (await tenant.Admin.GetAsync(path)).Expect(HttpStatusCode.OK);
            names.AddRange(Names(answer).Split(' '));
            path = Next(answer);
        }
        return names;
    }

    private static string Next(Answer answer)
    {
        var cursor = answer.Json.GetProperty("next_cursor");
        if (cursor.ValueKind == JsonValueKind.Null) return "";
        var link = answer.Response.Headers.GetValues("Link").Single();
        link.ShouldEndWith("; rel=\"next\"");
        link.ShouldContain(cursor.GetString()!);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    private static string Names(Answer answer) => string.Join(' ', answer.Expect(HttpStatusCode.OK).Json
        .GetProperty("calls").EnumerateArray().Select(c => Tenant.NameOf(c.GetProperty("trn_id").GetString()!)));
}
