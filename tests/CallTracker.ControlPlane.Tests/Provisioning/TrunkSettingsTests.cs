using System.Net;
using System.Text;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>What of a trunk can be set beyond its addresses, and its secret, which nobody is shown again.</summary>
public sealed class TrunkSettingsTests(Stack stack)
{
    private const string Secret = "s3cret-ひみつ";

    [Fact]
    public async Task Post_EverySetting_IsKeptForTheNodesAndShown()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", """
            {"name":"t","address":"sip.example.jp","weight":7,"transport":"tls","username":"u","secret":"p","realm":"r",
             "register":true,"register_expires_sec":600,"challenge_inbound":true,"codecs":["PCMU","opus","pcmu"],
             "channels_max":30,"cps_max":5,"identity_header":"rpid","forwarding_header":"both",
             "reliable_provisional":"required","session_expires_sec":900,"session_min_sec":120,"refer":"execute",
             "redirect":"follow","probe_sec":10,"stir":"both","media_asymmetric":true,"ringback":"off",
             "hold_music":"waltz_1","dtmf":"info","transcode":"on",
             "stir_refuse":true,"srtp":"optional","srtp_without_tls":true}
            """);
        answer.Expect(HttpStatusCode.Created);
        var shown = answer.Json;
        shown.GetProperty("codecs").EnumerateArray().Select(c => c.GetString()).ShouldBe(["pcmu", "opus"]);
        (shown.GetProperty("weight").GetInt32(), answer["transport"], answer["username"]).ShouldBe((7, "tls", "u"));
        shown.GetProperty("has_secret").GetBoolean().ShouldBeTrue();
        var kept = await StoredAsync(answer["trunk_id"]);
        (kept.Register, kept.RegisterExpiresSec, kept.ChallengeInbound).ShouldBe((true, 600, true));
        (kept.ChannelsMax, kept.CpsMax, kept.Weight, kept.ProbeSec).ShouldBe((30, 5, 7, 10));
        (kept.IdentityHeader, kept.ForwardingHeader, kept.ReliableProvisional).ShouldBe(("rpid", "both", "required"));
        (kept.SessionExpiresSec, kept.SessionMinSec).ShouldBe((900, 120));
        (kept.Refer, kept.Redirect, kept.Stir, kept.Realm).ShouldBe(("execute", "follow", "both", "r"));
        kept.StirRefuse.ShouldBeTrue();
        (kept.Srtp, kept.SrtpWithoutTls, answer["srtp"]).ShouldBe(("optional", true, "optional"));
        (kept.MediaAsymmetric, kept.Ringback, kept.HoldMusic).ShouldBe((true, "off", "waltz_1"));
        (kept.Dtmf, answer["dtmf"]).ShouldBe(("info", "info"));
        (kept.Transcode, answer["transcode"]).ShouldBe(("on", "on"));
        (shown.GetProperty("media_asymmetric").GetBoolean(), answer["ringback"]).ShouldBe((true, "off"));
        answer["hold_music"].ShouldBe("waltz_1");
    }

    [Fact]
    public async Task Post_NothingSet_HasTheDocumentedDefaults()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", """{"name":"t","address":"192.0.2.1"}""");
        var kept = await StoredAsync(answer.Expect(HttpStatusCode.Created)["trunk_id"]);
        var plain = new TrunkRecord { TrunkId = "x", OperatorId = "o", Name = "t", Address = "192.0.2.1" };
        var expected = plain with
        {
            TrunkId = kept.TrunkId,
            OperatorId = kept.OperatorId,
            Version = kept.Version,
            Prefixes = kept.Prefixes,
            InboundFrom = kept.InboundFrom,
            Codecs = kept.Codecs,
        };
        kept.ShouldBe(expected);
    }

    [Fact]
    public async Task Secret_OnceGiven_IsSealedAndNeverShown()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await CreateWithSecretAsync(tenant);
        var path = "/v1/trunks/" + answer["trunk_id"];
        foreach (var text in new[]
        {
            answer.Text, (await tenant.Admin.GetAsync(path)).Text, (await tenant.Admin.GetAsync("/v1/trunks")).Text,
            await stack.Redis.CommandAsync("HGET", "ct:trunks", answer["trunk_id"]),
        })
        {
            text.ShouldContain("\"name\"");
            text.ShouldNotContain("s3cret");
        }
        var kept = await StoredAsync(answer["trunk_id"]);
        Open(kept).ShouldBe(Secret);
        // Sealed for this trunk alone: whoever can write Redis cannot move it to a trunk of theirs.
        Open(kept with { TrunkId = "another" }).ShouldBeNull();
        Open(kept with { OperatorId = "another" }).ShouldBeNull();
    }

    [Fact]
    public async Task Secret_NotNamedInAChange_IsKeptAndNullRemovesIt()
    {
        var tenant = await stack.NewTenantAsync();
        var path = "/v1/trunks/" + (await CreateWithSecretAsync(tenant))["trunk_id"];
        (await tenant.Admin.PatchAsync(path, """{"weight":9}""")).Expect(HttpStatusCode.OK);
        Open(await StoredAsync(path[11..])).ShouldBe(Secret);
        (await tenant.Admin.PutAsync(path, """{"name":"t","address":"x","username":"v"}""")).Expect(HttpStatusCode.OK);
        Open(await StoredAsync(path[11..])).ShouldBe(Secret);
        (await tenant.Admin.PatchAsync(path, """{"secret":"new"}""")).Expect(HttpStatusCode.OK);
        Open(await StoredAsync(path[11..])).ShouldBe("new");
        (await tenant.Admin.PatchAsync(path, """{"secret":null}""")).ExpectProblem((HttpStatusCode)422, "invalid")
            .Pointers.ShouldContain("/secret");
        var bare = await tenant.Admin.PatchAsync(path, """{"secret":null,"username":null}""");
        bare.Expect(HttpStatusCode.OK).Json.GetProperty("has_secret").GetBoolean().ShouldBeFalse();
        (await StoredAsync(path[11..])).SecretSealed.ShouldBe("");
    }

    [Fact]
    public async Task Media_SetDirect_IsKeptForTheNodesAndShownAndTakenBack()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync(
            "/v1/trunks", """{"name":"t","address":"192.0.2.1","media":"direct","dtmf":"rfc4733"}""");
        answer.Expect(HttpStatusCode.Created)["media"].ShouldBe("direct");
        (await StoredAsync(answer["trunk_id"])).Media.ShouldBe("direct");
        var path = "/v1/trunks/" + answer["trunk_id"];
        (await tenant.Admin.PatchAsync(path, """{"transcode":"on"}""")).ExpectProblem((HttpStatusCode)422, "invalid")
            .Pointers.ShouldBe(["/transcode"]);
        (await tenant.Admin.PatchAsync(path, """{"media":"anchored","transcode":"on"}"""))
            .Expect(HttpStatusCode.OK)["media"].ShouldBe("anchored");
    }

    [Theory]
    [InlineData("\"transport\":\"sctp\"", "/transport")]
    [InlineData("\"weight\":0", "/weight")]
    [InlineData("\"codecs\":[\"p cmu\"]", "/codecs/0")]
    [InlineData("\"channels_max\":-1", "/channels_max")]
    [InlineData("\"cps_max\":10001", "/cps_max")]
    [InlineData("\"ringback\":\"auto\"", "/ringback")]
    [InlineData("\"hold_music\":\"a b.wav\"", "/hold_music")]
    [InlineData("\"identity_header\":\"from\"", "/identity_header")]
    [InlineData("\"forwarding_header\":\"x\"", "/forwarding_header")]
    [InlineData("\"reliable_provisional\":\"on\"", "/reliable_provisional")]
    [InlineData("\"session_min_sec\":89", "/session_min_sec")]
    [InlineData("\"session_expires_sec\":89", "/session_expires_sec")]
    [InlineData("\"session_expires_sec\":600,\"session_min_sec\":601", "/session_expires_sec")]
    [InlineData("\"refer\":\"x\"", "/refer")]
    [InlineData("\"media\":\"bypass\"", "/media")]
    [InlineData("\"media\":\"direct\",\"transcode\":\"on\"", "/transcode")]
    [InlineData("\"media\":\"direct\",\"srtp\":\"optional\",\"transport\":\"tls\"", "/srtp")]
    [InlineData("\"media\":\"direct\",\"hold_music\":\"waltz\"", "/hold_music")]
    [InlineData("\"media\":\"direct\",\"ringback\":\"on\"", "/ringback")]
    [InlineData("\"media\":\"direct\",\"refer\":\"execute\"", "/refer")]
    [InlineData("\"media\":\"direct\",\"session_expires_sec\":0", "/session_expires_sec")]
    [InlineData("\"media\":\"direct\",\"username\":\"u\",\"secret\":\"p\",\"accepts_registration\":true",
        "/accepts_registration")]
    [InlineData("\"redirect\":\"x\"", "/redirect")]
    [InlineData("\"probe_sec\":3601", "/probe_sec")]
    [InlineData("\"stir\":\"x\"", "/stir")]
    [InlineData("\"srtp\":\"x\"", "/srtp")]
    [InlineData("\"srtp\":\"required\"", "/srtp")]
    [InlineData("\"srtp\":\"optional\",\"transport\":\"tcp\"", "/srtp")]
    [InlineData("\"register\":true", "/secret")]
    [InlineData("\"challenge_inbound\":true", "/secret")]
    [InlineData("\"accepts_registration\":true", "/secret")]
    [InlineData("\"username\":\"u\"", "/secret")]
    [InlineData("\"secret\":\"p\"", "/username")]
    [InlineData("\"username\":\"a:b\",\"secret\":\"p\"", "/username")]
    [InlineData("\"username\":\"u\",\"secret\":\"p\",\"realm\":\"a\\\"b\"", "/realm")]
    [InlineData("\"username\":\"u\",\"secret\":\"p\",\"register\":true,\"accepts_registration\":true",
        "/accepts_registration")]
    public async Task Post_BadSetting_IsRefusedWithPointer(string members, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", $$"""{"name":"t","address":"x",{{members}}}""");
        answer.ExpectProblem((HttpStatusCode)422, "invalid").Pointers.ShouldContain(pointer);
    }

    // The hash of a certificate is no secret: signalling without TLS may carry it.
    [Fact]
    public async Task Post_SrtpByHandshakeWithoutTls_IsKept()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", """{"name":"t","address":"x","srtp":"dtls"}""");
        var stored = answer.Expect(HttpStatusCode.Created);
        stored["srtp"].ShouldBe("dtls");
        (await StoredAsync(stored["trunk_id"])).Srtp.ShouldBe("dtls");
    }

    [Fact]
    public async Task Post_OverlongSecret_IsRefusedWithoutRepeatingIt()
    {
        var tenant = await stack.NewTenantAsync();
        var secret = new string('ひ', 86);
        var answer = await tenant.Admin.PostAsync(
            "/v1/trunks", $$"""{"name":"t","address":"x","username":"u","secret":"{{secret}}"}""");
        answer.ExpectProblem((HttpStatusCode)422, "invalid").Pointers.ShouldContain("/secret");
        answer.Text.ShouldNotContain("ひひ");
    }

    [Fact]
    public async Task Address_MayBeAbsent_OnlyWhenTheTrunkRegistersWithUs()
    {
        var tenant = await stack.NewTenantAsync();
        (await tenant.Admin.PostAsync("/v1/trunks", """{"name":"t"}""")).ExpectProblem((HttpStatusCode)422, "invalid")
            .Pointers.ShouldContain("/address");
        (await tenant.Admin.PostAsync(
                "/v1/trunks", """{"name":"t","username":"u","secret":"p","accepts_registration":true}"""))
            .Expect(HttpStatusCode.Created)["address"].ShouldBe("");
    }

    private static Task<Answer> CreateWithSecretAsync(Tenant tenant) => tenant.Admin.PostAsync(
        "/v1/trunks", $$"""{"name":"t","address":"x","username":"u","secret":"{{Secret}}","register":true}""");

    private string? Open(TrunkRecord trunk)
    {
        using var cipher = TrunkSecretCipher.OpenOrCreate(stack.Options.CallerKeyFile);
        return cipher.Open(trunk.OperatorId, trunk.TrunkId, trunk.SecretSealed) is { } secret
            ? Encoding.UTF8.GetString(secret)
            : null;
    }

    private async Task<TrunkRecord> StoredAsync(string id)
    {
        var json = (await stack.Redis.CommandAsync("HGET", "ct:trunks", id)).Split("\r\n")[1];
        return JsonSerializer.Deserialize(json, ContractJson.Default.TrunkRecord)!;
    }
}
