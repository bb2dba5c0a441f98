using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CallTracker.Backends.Stir;
using CallTracker.Calls.Stir;
using CallTracker.TestKit.Stir;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>Identities that verify, and what is fetched for them.</summary>
public sealed class StirVerifyTests
{
    [Theory]
    [InlineData("A", Attestation.A)]
    [InlineData("B", Attestation.B)]
    [InlineData("C", Attestation.C)]
    public async Task Shaken_Good_PassesWithItsAttestation(string attest, Attestation expected)
    {
        await using var world = new StirWorld();
        (await world.VerifyAsync(world.Shaken(attest))).ShouldBe(StirVerdict.Passed(expected));
    }

    [Fact]
    public async Task Plain_FullForm_PassesWithoutAttestation()
    {
        await using var world = new StirWorld();
        var plain = world.Signed("", StirAuthority.Plain(StirWorld.Orig, StirWorld.Dest, world.Iat));
        (await world.VerifyAsync(plain)).ShouldBe(StirVerdict.Passed(Attestation.None));
    }

    [Fact]
    public async Task Plain_CompactForm_IsRebuiltFromTheMessage()
    {
        await using var world = new StirWorld();
        var whole = world.Signed("", StirAuthority.Plain(StirWorld.Orig, StirWorld.Dest, world.Iat));
        var compact = ".." + whole[(whole.LastIndexOf('.', whole.IndexOf(';')) + 1)..];
        var date = DateTimeOffset.FromUnixTimeSeconds(world.Iat).ToString("r", CultureInfo.InvariantCulture);
        var job = world.Job(StirJobKind.Verify, [compact], date);
        (await world.RunAsync(job)).Verdict.ShouldBe(StirVerdict.Passed(Attestation.None));
        var other = world.Job(StirJobKind.Verify, [compact], date, caller: "0399998888");
        (await world.RunAsync(other)).Verdict.SipCode.ShouldBe((ushort)438);
    }

    [Fact]
    public async Task Shaken_BesideKindsWeDoNotSupport_Passes()
    {
        await using var world = new StirWorld();
        var other = world.Signed("rcd", """{"rcd":{"nam":"x"}}""");
        (await world.VerifyAsync(other, world.Shaken())).Verstat.ShouldBe(Verstat.Passed);
    }

    [Fact]
    public async Task Dest_OfTheToHeader_CountsWithoutDiversions()
    {
        await using var world = new StirWorld();
        var job = world.Job(StirJobKind.Verify, [world.Shaken(dest: "81120555555")], to: "0120555555");
        (await world.RunAsync(job)).Verdict.Verstat.ShouldBe(Verstat.Passed);
    }

    [Fact]
    public async Task Diversions_LeadingToTheNumberCalled_Pass()
    {
        await using var world = new StirWorld();
        var first = world.Shaken("B", dest: "81300000001");
        var second = Div(world, "81300000002", "81300000001");
        var third = Div(world, StirWorld.Dest, "81300000002");
        (await world.VerifyAsync(third, first, second)).ShouldBe(StirVerdict.Passed(Attestation.B));
    }

    [Theory]
    [InlineData("81311112222", 1)]
    [InlineData("81311112200", 23)]
    public async Task Certificate_OfTheCallersNumberAlone_Covers(string start, int count)
    {
        await using var world = new StirWorld();
        var list = count == 1 ? StirAuthority.OneNumber(start) : StirAuthority.Range(start, count);
        var url = world.Web.Serve("numbers.pem", world.Authority.Issue(world.Key, list));
        var claims = StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, world.Iat);
        (await world.VerifyAsync(world.Signed("shaken", claims, url))).Verstat.ShouldBe(Verstat.Passed);
    }

    [Fact]
    public async Task Certificate_NamedByManyCalls_IsFetchedOnce()
    {
        await using var world = new StirWorld();
        var jobs = Enumerable.Range(0, 20).Select(i => world.Job(
            StirJobKind.Verify, [world.Shaken(ageSec: i)], callId: $"call-{i}")).ToArray();
        var verdicts = await Task.WhenAll(jobs.Select(world.RunAsync));
        verdicts.ShouldAllBe(job => job.Verdict.Verstat == Verstat.Passed);
        world.Web.Asked("carrier.pem").ShouldBe(1);
    }

    [Theory]
    [InlineData("Cache-Control: max-age=120\r\n", 110, 1)]
    [InlineData("Cache-Control: max-age=120\r\n", 130, 2)]
    [InlineData("Cache-Control: no-store\r\n", 50, 1)]
    [InlineData("Cache-Control: no-store\r\n", 70, 2)]
    [InlineData("Cache-Control: max-age=999999999\r\n", 86_500, 2)]
    [InlineData("", 3500, 1)]
    [InlineData("", 3700, 2)]
    public async Task Certificate_Kept_AsLongAsItsServerSays(string headers, int afterSec, int fetches)
    {
        await using var world = new StirWorld();
        var pem = world.Authority.Issue(world.Key, StirAuthority.Carrier("1234"));
        var url = world.Web.Serve("kept.pem", pem, headers);
        for (var turn = 0; turn < 2; turn++)
        {
            var claims = StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, world.Iat);
            (await world.VerifyAsync(world.Signed("shaken", claims, url))).Verstat.ShouldBe(Verstat.Passed);
            world.Clock.Advance(afterSec * 1000);
        }
        world.Web.Asked("kept.pem").ShouldBe(fetches);
    }

    [Fact]
    public async Task Certificate_NotToBeHad_IsNotAskedForAgainAtOnce()
    {
        await using var world = new StirWorld();
        var claims = StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, world.Iat);
        var bad = world.Signed("shaken", claims, world.Web.Url("gone.pem"));
        for (var i = 0; i < 5; i++) (await world.VerifyAsync(bad)).SipCode.ShouldBe((ushort)436);
        world.Web.Asked("gone.pem").ShouldBe(1);
        world.Clock.Advance(16_000);
        (await world.VerifyAsync(bad)).SipCode.ShouldBe((ushort)436);
        world.Web.Asked("gone.pem").ShouldBe(2);
    }

    [Fact]
    public async Task Certificates_MoreThanMayBeKept_PushTheOldestOut()
    {
        await using var world = new StirWorld();
        var claims = StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, world.Iat);
        for (var i = 0; i < 30; i++)
        {
            var url = world.Web.Serve($"c{i}.pem", world.Authority.Issue(world.Key, StirAuthority.Carrier("1234")));
            (await world.VerifyAsync(world.Signed("shaken", claims, url))).Verstat.ShouldBe(Verstat.Passed);
        }
        world.Service.Certificates.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Certificate_SlowToCome_HoldsUpNobodyElse()
    {
        await using var world = new StirWorld();
        (await world.VerifyAsync(world.Shaken())).Verstat.ShouldBe(Verstat.Passed);
        var claims = StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, world.Iat);
        var slow = world.Job(StirJobKind.Verify, [world.Signed("shaken", claims, world.Web.ServeRaw("slow", ""))]);
        world.Service.TryPost(slow).ShouldBeTrue();
        // The next answer is that of the job posted later.
        (await world.RunAsync(world.Job(StirJobKind.Verify, [world.Shaken()]))).ShouldNotBe(slow);
    }

    // The key pair is that of RFC 8225 appendix A; the token is the one the drafts up to -10 print for it. That of the
    // RFC itself verifies with neither that key nor openssl, so its text alone is compared.
    [Theory]
    [InlineData(
        "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9."
        + "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6IjE0NDMyMDgzNDUiLCJvcmlnIjp7InRuIjoiMTIx"
        + "NTU1NTEyMTIifX0",
        "rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w",
        "8HNbQd/TmvCKwPKHkMF9fScavGeH78YTU8qLS8I5HLHSSmlATLcslQMhNC/OhlWBYC626nIlo7XeebYS7Sb37g==")]
    // RFC 7515 appendix A.3.
    [InlineData(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        + "cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==")]
    public void Signature_OfThePrintedExamples_Verifies(string signed, string signature, string point)
    {
        var xy = Convert.FromBase64String(point);
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = xy[..32], Y = xy[32..] },
        });
        var certificate = new SigningCertificate(key, null!, 0, long.MaxValue);
        var passport = new Passport
        {
            Extension = "",
            CertificateUrl = "",
            Orig = "",
            Dest = [],
            IssuedAt = 0,
            SigningInput = Encoding.ASCII.GetBytes(signed),
            Signature = System.Buffers.Text.Base64Url.DecodeFromChars(signature),
        };
        certificate.Verifies(passport).ShouldBeTrue();
        passport.SigningInput[^1] ^= 1;
        certificate.Verifies(passport).ShouldBeFalse();
    }

    [Fact]
    public void SigningInput_OfRfc8225_IsAsPrinted() =>
        PassportText.SigningInput(
            PassportText.Header("", "https://cert.example.org/passport.cer"),
            """{"dest":{"uri":["sip:alice@example.com"]},"iat":1471375418,"orig":{"tn":"12155551212"}}""").ShouldBe(
            "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9."
            + "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQxOCwib3JpZyI6eyJ0biI6IjEy"
            + "MTU1NTUxMjEyIn19");

    private static string Div(StirWorld world, string dest, string div) =>
        world.Signed("div", StirAuthority.Diversion(StirWorld.Orig, dest, world.Iat, div));
}
