using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CallTracker.TestKit.Stir;

/// <summary>
/// A certification authority for PASSporTs, made afresh by the test that owns it, and what a signer does: certificates
/// with a TN Authorization List (RFC 8226) and Identity values. Written against the RFCs, not against our code.
/// </summary>
public sealed class StirAuthority : IDisposable
{
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public StirAuthority(DateTimeOffset now)
    {
        Now = now;
        var request = new CertificateRequest("CN=Test STI-CA", _rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));
    }

    public DateTimeOffset Now { get; }

    public string RootPem => _root.ExportCertificatePem();

    /// <summary>One certificate in PEM, signed by the root.</summary>
    /// <param name="key">The signer's key, EC or RSA.</param>
    /// <param name="authority">The TN Authorization List; null leaves it out.</param>
    /// <param name="fromDays">Valid from, in days from now.</param>
    /// <param name="toDays">Valid until, in days from now.</param>
    /// <param name="isCa">True makes it an authority itself.</param>
    public string Issue(
        AsymmetricAlgorithm key, byte[]? authority, int fromDays = -1, int toDays = 5, bool isCa = false)
    {
        var name = new X500DistinguishedName("CN=SHAKEN test signer");
        var request = key is ECDsa ec
            ? new CertificateRequest(name, ec, HashAlgorithmName.SHA256)
            : new CertificateRequest(name, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (authority is not null)
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.26", authority, false));
        using var certificate = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey),
            Now.AddDays(fromDays), Now.AddDays(toDays), RandomNumberGenerator.GetBytes(8));
        return certificate.ExportCertificatePem();
    }

    // TNAuthorizationList ::= SEQUENCE OF TNEntry; spc [0], range [1], one [2], all tagged explicitly.
    public static byte[] Carrier(string code) => List(0, writer => Text(writer, code));

    public static byte[] OneNumber(string number) => List(2, writer => Text(writer, number));

    public static byte[] Range(string start, int count) => List(1, writer =>
    {
        using (writer.PushSequence())
        {
            Text(writer, start);
            writer.WriteInteger(count);
        }
    });

    /// <summary>header.payload.signature (RFC 7515), ES256.</summary>
    public static string Sign(ECDsa key, string header, string payload)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A whole Identity value with a header that goes with its parameters.</summary>
    public static string Identity(ECDsa key, string extension, string url, string payload)
    {
        var ppt = extension.Length == 0 ? "" : $"\"ppt\":\"{extension}\",";
        var token = Sign(key, $"{{\"alg\":\"ES256\",{ppt}\"typ\":\"passport\",\"x5u\":\"{url}\"}}", payload);
        return $"{token};info=<{url}>;alg=ES256" + (extension.Length == 0 ? "" : $";ppt=\"{extension}\"");
    }

    public static string Shaken(string orig, string dest, long iat, string attest = "A") =>
        $"{{\"attest\":\"{attest}\",\"dest\":{{\"tn\":[\"{dest}\"]}},\"iat\":{iat},\"orig\":{{\"tn\":\"{orig}\"}},"
        + "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}";

    public static string Diversion(string orig, string dest, long iat, string div) =>
        $"{{\"dest\":{{\"tn\":[\"{dest}\"]}},\"div\":{{\"tn\":\"{div}\"}},\"iat\":{iat},"
        + $"\"orig\":{{\"tn\":\"{orig}\"}}}}";

    public static string Plain(string orig, string dest, long iat) =>
        $"{{\"dest\":{{\"tn\":[\"{dest}\"]}},\"iat\":{iat},\"orig\":{{\"tn\":\"{orig}\"}}}}";

    public void Dispose()
    {
        _root.Dispose();
        _rootKey.Dispose();
    }

    private static byte[] List(int choice, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, choice)))
            write(writer);
        return writer.Encode();
    }

    private static void Text(AsnWriter writer, string text) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, text);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
