using System.Net;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Traces;

/// <summary>/v1/calls/{trn_id}/ladder: the messages of a call, for those who may see them.</summary>
public sealed class LadderTests(Stack stack)
{
    [Fact]
    public async Task Ladder_OfAKeptCall_HasEveryMessageInOrder()
    {
        var (tenant, trnId) = await KeptAsync(missing: 2);
        var answer = (await tenant.Admin.GetAsync($"/v1/calls/{trnId}/ladder")).Expect(HttpStatusCode.OK);
        (answer["trn_id"], answer["node_id"], answer["cause"]).ShouldBe((trnId, "n1", "failed"));
        (answer["complete"], answer["missing"]).ShouldBe(("False", "2"));
        var messages = answer.Json.GetProperty("messages").EnumerateArray().ToArray();
        messages.Select(m => m.GetProperty("label").GetString()).ShouldBe(
        [
            "INVITE (SDP)", "100 Trying (INVITE)", "INVITE (SDP)", "INVITE (SDP)", "486 Busy Here (INVITE)", "ACK",
            "486 Busy Here (INVITE)",
        ]);
        messages.Select(m => m.GetProperty("leg").GetString()![..3]).ShouldBe(
            ["inb", "inb", "out", "inb", "out", "out", "inb"]);
        var first = messages[0];
        first.GetProperty("from").GetString().ShouldBe("192.0.2.1:5071");
        first.GetProperty("to").GetString().ShouldBe("192.0.2.9:5060");
        first.GetProperty("direction").GetString().ShouldBe("received");
        first.GetProperty("start_line").GetString().ShouldBe("INVITE sip:0120000001@192.0.2.9 SIP/2.0");
        first.GetProperty("text").GetString().ShouldBe(TraceShipment.Busy()[0].Text);
        first.GetProperty("time_us").GetInt64().ShouldBe(TraceShipment.StartUs + 12_000);
        messages[2].GetProperty("attempt").GetInt32().ShouldBe(1);
        messages[2].GetProperty("from").GetString().ShouldBe("192.0.2.9:5060");
        answer.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Ladder_AsText_IsDrawnWithArrowsBetweenTheRails()
    {
        var (tenant, trnId) = await KeptAsync();
        var answer = (await tenant.Admin.GetAsync($"/v1/calls/{trnId}/ladder?format=text")).Expect(HttpStatusCode.OK);
        answer.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var lines = answer.Text.Split('\n');
        lines[0].ShouldContain(trnId);
        lines[2].ShouldMatch("^ +192.0.2.1:5071 +192.0.2.9:5060 +192.0.2.80:5080$");
        lines[3].ShouldMatch("^ +inbound +CallTracker +attempt 1$");
        var rail = new string(' ', 26);
        lines[5].ShouldBe("10:00:00.135              | INVITE (SDP)                |                             |");
        lines[6].ShouldBe("      +0.000              |---------------------------->|                             |");
        lines[8].ShouldBe("      +0.012              |<----------------------------|                             |");
        lines[9].ShouldBe("10:00:00.159              |                             | INVITE (SDP)                |");
        lines[10].ShouldBe("      +0.024              |                             |---------------------------->|");
        lines[11].ShouldContain("INVITE (SDP) [again]");
        lines[14].ShouldEndWith("|<----------------------------|");
        answer.Text.ShouldContain(rail + "|");
        answer.Text.ShouldContain("\n--- 1  2026-09-01T10:00:00.135+09:00  192.0.2.1:5071 -> 192.0.2.9:5060  udp\n"
            + "INVITE sip:0120000001@192.0.2.9 SIP/2.0\n");
        lines.ShouldAllBe(line => !line.EndsWith(' '));
    }

    [Fact]
    public async Task Ladder_WithControlCharactersOfAPeer_DoesNotReachTheTerminal()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("esc");
        var text = TraceShipment.Message(
            "SIP/2.0 486 \u001b[2JBusy", "\u001b[31mINVITE", "", "X: \u001b]0;t\u0007\r\n");
        await TraceShipment.ShipAsync(stack, tenant.OperatorId, trnId, [(false, 0, "192.0.2.1:5071", text)]);
        var drawn = (await tenant.Admin.GetAsync($"/v1/calls/{trnId}/ladder?format=text")).Expect(HttpStatusCode.OK);
        drawn.Text.Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
        drawn.Text.ShouldContain("486 .[2JBusy");
    }

    [Fact]
    public async Task Ladder_OfAnotherOperatorsCall_IsNoSuchCall()
    {
        var (_, trnId) = await KeptAsync();
        var other = await stack.NewTenantAsync();
        foreach (var what in new[] { "ladder", "pcap" })
        {
            (await other.Admin.GetAsync($"/v1/calls/{trnId}/{what}"))
                .ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task Ladder_WithoutTheRight_IsRefused()
    {
        var (tenant, trnId) = await KeptAsync();
        await tenant.WithAdvertiserAsync();
        var reader = await tenant.KeyAsync("calls:read traces:write");
        (await reader.GetAsync($"/v1/calls/{trnId}/ladder"))
            .ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        var bound = await tenant.KeyAsync("calls:read pii:read", "c1");
        (await bound.GetAsync($"/v1/calls/{trnId}/pcap"))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        var allowed = await tenant.KeyAsync("pii:read");
        (await allowed.GetAsync($"/v1/calls/{trnId}/ladder")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ladder_NotKept_SaysWhy()
    {
        var tenant = await stack.NewTenantAsync();
        var longAgo = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 3_600_000;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 65_000;
        await stack.ShipAsync(
            tenant.Call("good", longAgo), tenant.Call("bad", longAgo, isAnswered: false), tenant.Call("now", now));
        await RefusedAsync("good", "ladder_not_kept");
        await RefusedAsync("bad", "ladder_gone");
        await RefusedAsync("now", "ladder_pending");
        await RefusedAsync("none", "not_found");
        (await tenant.Admin.GetAsync("/v1/calls/x%27y/ladder")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId("good")}/ladder?format=xml"))
            .ExpectProblem(HttpStatusCode.BadRequest, "bad_parameter");

        async Task RefusedAsync(string call, string code) =>
            (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId(call)}/ladder"))
                .ExpectProblem(HttpStatusCode.NotFound, code);
    }

    [Fact]
    public async Task Ladder_PastItsTime_IsNotShownEvenBeforeItIsDeleted()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("old");
        await TraceShipment.ShipAsync(stack, tenant.OperatorId, trnId, TraceShipment.Busy(), expiresDays: -1);
        (await tenant.Admin.GetAsync($"/v1/calls/{trnId}/ladder")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Ladder_ShippedTwice_HasEachMessageOnce()
    {
        var (tenant, trnId) = await KeptAsync();
        await TraceShipment.ShipAsync(stack, tenant.OperatorId, trnId, TraceShipment.Busy());
        var answer = await tenant.Admin.GetAsync($"/v1/calls/{trnId}/ladder");
        answer.Json.GetProperty("messages").GetArrayLength().ShouldBe(7);
    }

    private async Task<(Tenant Tenant, string TrnId)> KeptAsync(ushort missing = 0)
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("kept");
        await TraceShipment.ShipAsync(stack, tenant.OperatorId, trnId, TraceShipment.Busy(), missing);
        return (tenant, trnId);
    }
}
