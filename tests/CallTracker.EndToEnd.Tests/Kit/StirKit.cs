using System.Globalization;
using System.Security.Cryptography;
using CallTracker.TestKit.Stir;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>
/// What the product needs for STIR: an authority made for this run, a key of its own, and the web server where both
/// certificates lie. Off until a trunk asks for it.
/// </summary>
internal sealed class StirKit : IAsyncDisposable
{
    private readonly StirAuthority _authority = new(DateTimeOffset.UtcNow);
    private readonly ECDsa _nodeKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _carrierKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _folder;
    private readonly string _nodeUrl;
    private readonly string _carrierUrl;

    public StirKit(string runDir)
    {
        _folder = Directory.CreateDirectory(Path.Combine(runDir, "stir")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "ca"));
        File.WriteAllText(Path.Combine(_folder, "ca", "root.pem"), _authority.RootPem);
        File.WriteAllText(Path.Combine(_folder, "node.key"), _nodeKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "node.pub"), _nodeKey.ExportSubjectPublicKeyInfoPem());
        _nodeUrl = Web.Serve("node.pem", _authority.Issue(_nodeKey, StirAuthority.Carrier("NODE")));
        _carrierUrl = Web.Serve("carrier.pem", _authority.Issue(_carrierKey, StirAuthority.Carrier("1234")));
    }

    public CertificateServer Web { get; } = new();

    public void AddTo(Dictionary<string, string> environment)
    {
        environment["CALLTRACKER_STIR_CA"] = Path.Combine(_folder, "ca");
        environment["CALLTRACKER_STIR_KEY"] = Path.Combine(_folder, "node.key");
        environment["CALLTRACKER_STIR_X5U"] = _nodeUrl;
        environment["CALLTRACKER_STIR_TEST_HTTP"] = "1";
        // The machine that tests may be busy with other things, and the first verification compiles itself.
        environment["CALLTRACKER_STIR_MS"] = "4000";
    }

    /// <summary>What a carrier would send for this call, both numbers in national form.</summary>
    public string Identity(string caller, string called, string attest, string? url = null) =>
        StirAuthority.Identity(_carrierKey, "shaken", url ?? _carrierUrl, StirAuthority.Shaken(
            Canonical(caller), Canonical(called), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), attest));

    public static string Canonical(string number) => "81" + number[1..];

    /// <summary>
    /// Checks the signature of an Identity value of the product's with openssl and gives its header and claims.
    /// </summary>
    public async Task<(string Header, string Claims)> OpenAsync(string identity)
    {
        identity.ShouldContain($";info=<{_nodeUrl}>;alg=ES256;ppt=");
        var parts = identity[..identity.IndexOf(';')].Split('.');
        parts.Length.ShouldBe(3);
        var name = Path.Combine(_folder, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(name + ".txt", $"{parts[0]}.{parts[1]}");
        await File.WriteAllBytesAsync(name + ".sig", ToDer(Decode(parts[2])));
        var result = await Command.RunAsync("openssl",
            ["dgst", "-sha256", "-verify", Path.Combine(_folder, "node.pub"), "-signature", name + ".sig",
                name + ".txt"], new Dictionary<string, string>(StringComparer.Ordinal));
        result.Code.ShouldBe(0, result.Output);
        return (Text(parts[0]), Text(parts[1]));
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        _authority.Dispose();
        _nodeKey.Dispose();
        _carrierKey.Dispose();
    }

    private static string Text(string part) => System.Text.Encoding.UTF8.GetString(Decode(part));

    private static byte[] Decode(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);

    // openssl wants SEQUENCE { r INTEGER, s INTEGER }; JOSE has both one after the other.
    private static byte[] ToDer(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(signature.AsSpan(0, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(signature.AsSpan(32).TrimStart((byte)0));
        }
        return writer.Encode();
    }
}
