using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CallTracker.Backends.Stir;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Stir;
using CallTracker.TestKit.Stir;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>What we sign, checked with the key alone and by our own verification.</summary>
public sealed class StirSignTests
{
    // RFC 8588 section 3 and RFC 8946 section 3 print these forms; RFC 8225 section 9 orders the keys.
    [Fact]
    public void Text_OfEveryKind_IsCanonical()
    {
        PassportText.Header("shaken", "https://cert.example.org/passport.cer").ShouldBe(
            """{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"https://cert.example.org/passport.cer"}""");
        PassportText.Shaken(
            "12155551212", "12155551213", 1443208345, "A", "123e4567-e89b-12d3-a456-426655440000").ShouldBe(
            """{"attest":"A","dest":{"tn":["12155551213"]},"iat":1443208345,"orig":{"tn":"12155551212"},"""
            + "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}");
        PassportText.Diversion("12155551212", "12155551214", 1443208345, "12155551213").ShouldBe(
            """{"dest":{"tn":["12155551214"]},"div":{"tn":"12155551213"},"iat":1443208345,"""
            + "\"orig\":{\"tn\":\"12155551212\"}}");
        PassportText.Plain("12155551212", "12155551213", 1443208345).ShouldBe(
            """{"dest":{"tn":["12155551213"]},"iat":1443208345,"orig":{"tn":"12155551212"}}""");
    }

    [Fact]
    public async Task Shaken_Signed_VerifiesWithTheKeyAndByUs()
    {
        await using var world = new StirWorld();
        var job = world.Job(StirJobKind.SignShaken, []);
        (job.Attest, job.Origin) = (Attestation.C, "trunk-1");
        var value = Encoding.ASCII.GetString((await world.RunAsync(job)).Signature);
        value.ShouldEndWith($";info=<{world.Url}>;alg=ES256;ppt=shaken");
        var claims = Claims(world.Key, value);
        claims.ShouldStartWith($$"""{"attest":"C","dest":{"tn":["{{StirWorld.Dest}}"]},"iat":{{world.Iat}},""");
        claims.ShouldMatch("\"origid\":\"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"}$");
        (await world.VerifyAsync(value)).ShouldBe(StirVerdict.Passed(Attestation.C));
    }

    [Fact]
    public async Task Diversion_SignedBesideAShaken_PassesAtTheNewDestination()
    {
        await using var world = new StirWorld();
        var job = world.Job(StirJobKind.SignDiversion, [], called: "0399990001");
        job.Diverting = StirWorld.Number("0120000001");
        var div = Encoding.ASCII.GetString((await world.RunAsync(job)).Signature);
        Claims(world.Key, div).ShouldBe(
            StirAuthority.Diversion(StirWorld.Orig, "81399990001", world.Iat, StirWorld.Dest));
        var forwarded = world.Job(StirJobKind.Verify, [world.Shaken(), div], called: "0399990001", to: "0399990001");
        (await world.RunAsync(forwarded)).Verdict.ShouldBe(StirVerdict.Passed(Attestation.A));
    }

    [Theory]
    [InlineData("", "0399990001")]
    [InlineData("110", "0399990001")]
    [InlineData("0311112222", "184")]
    public async Task Number_WithoutAnInternationalForm_IsNotSigned(string caller, string called)
    {
        await using var world = new StirWorld();
        var job = world.Job(StirJobKind.SignShaken, [], called: called, caller: caller);
        (await world.RunAsync(job)).Signature.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("0312345678", "81312345678")]
    [InlineData("0120000001", "81120000001")]
    [InlineData("01012155551212", "12155551212")]
    public void Number_ToCanonicalFormAndBack_IsTheSame(string number, string canonical)
    {
        PassportNumber.Of(StirWorld.Number(number)).ShouldBe(canonical);
        PassportNumber.IsNamed(canonical, StirWorld.Number(number)).ShouldBeTrue();
        PassportNumber.IsNamed(canonical + "0", StirWorld.Number(number)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("key", null, "needs both")]
    [InlineData(null, "https://cert.example.org/c.pem", "needs both")]
    [InlineData("missing", "https://cert.example.org/c.pem", "P-256 private key")]
    [InlineData("p384", "https://cert.example.org/c.pem", "P-256 private key")]
    [InlineData("key", "http://cert.example.org/c.pem", "must be https")]
    public void Settings_ThatDoNotGoTogether_EndTheStart(string? key, string? url, string message)
    {
        using var folder = new TempFolder();
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(Path.Combine(folder.Path, "key"), good.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder.Path, "p384"), other.ExportPkcs8PrivateKeyPem());
        var options = new StirOptions
        {
            KeyFile = key is null ? null : Path.Combine(folder.Path, key),
            CertificateUrl = url is null ? null : new Uri(url),
        };
        Should.Throw<InvalidDataException>(() => StirSigner.Open(options)).Message.ShouldContain(message);
    }

    private static string Claims(ECDsa key, string value)
    {
        var parts = value[..value.IndexOf(';')].Split('.');
        key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation).ShouldBeTrue();
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
    }
}
