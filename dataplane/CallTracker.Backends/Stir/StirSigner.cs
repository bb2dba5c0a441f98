using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>
/// The authentication service of RFC 8224 section 6.1 for our calls. Made once at start; one thread signs.
/// </summary>
internal sealed class StirSigner : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private readonly ECDsa _key;
    private readonly string _url;

    private StirSigner(ECDsa key, string url)
    {
        _key = key;
        _url = url;
    }

    /// <summary>
    /// Null when nothing is to be signed; throws <see cref="InvalidDataException"/> with one clear line when the
    /// settings do not go together.
    /// </summary>
    public static StirSigner? Open(StirOptions options)
    {
        if (options.KeyFile is null && options.CertificateUrl is null) return null;
        if (options.KeyFile is null || options.CertificateUrl is null)
            throw new InvalidDataException("Signing needs both CALLTRACKER_STIR_KEY and CALLTRACKER_STIR_X5U.");
        var url = options.CertificateUrl.AbsoluteUri;
        if (!AddressGuard.TryParse(url, options.AllowsLoopback, out _))
            throw new InvalidDataException("CALLTRACKER_STIR_X5U must be https on port 443 or 8443.");
        return new StirSigner(ReadKey(options.KeyFile), url);
    }

    public void Dispose() => _key.Dispose();

    /// <summary>
    /// The Identity value for a job; null when a number has no canonical form.
    /// </summary>
    public string? TrySign(StirJob job)
    {
        var isDiversion = job.Kind == StirJobKind.SignDiversion;
        var (orig, dest) = (PassportNumber.Of(job.Caller), PassportNumber.Of(job.Called));
        var div = PassportNumber.Of(job.Diverting);
        if (orig.Length == 0 || dest.Length == 0 || (isDiversion && div.Length == 0)) return null;
        var extension = isDiversion ? "div" : "shaken";
        var issuedAt = job.UnixMs / 1000;
        var payload = isDiversion
            ? PassportText.Diversion(orig, dest, issuedAt, div)
            : PassportText.Shaken(orig, dest, issuedAt, job.Attest.ToString(), OriginId(job.Origin));
        var input = PassportText.SigningInput(PassportText.Header(extension, _url), payload);
        var signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64Url.EncodeToString(signature)};info=<{_url}>;alg=ES256;ppt={extension}";
    }

    // RFC 8588 section 4: a UUID that tells entries into our network apart and nothing else; the same for all calls of
    // a trunk (a name-based UUID, RFC 9562 section 5.8).
    private static string OriginId(string origin)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("calltracker " + origin)).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash, bigEndian: true).ToString();
    }

    private static ECDsa ReadKey(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (key.ExportParameters(false).Curve.Oid.Value == P256) return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException
            or UnauthorizedAccessException)
        {
            // What is in the file is a secret: the message says no more than that it does not read.
        }
        key.Dispose();
        throw new InvalidDataException("CALLTRACKER_STIR_KEY must name a PEM file with a P-256 private key.");
    }
}
