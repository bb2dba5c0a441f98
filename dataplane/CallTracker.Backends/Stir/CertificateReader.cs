using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Reads what an x5u gave: the signer's certificate first, then those that lead to a root (RFC 8226). Stateless.
/// </summary>
internal static class CertificateReader
{
    private const int ChainLengthMax = 6;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Null when it is no certificate that may sign PASSporTs.</summary>
    public static SigningCertificate? TryRead(string pem, TrustAnchors anchors, long unixMs)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count is 0 or > ChainLengthMax ? null : Check(certificates, anchors, unixMs);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    private static SigningCertificate? Check(X509Certificate2Collection all, TrustAnchors anchors, long unixMs)
    {
        var signer = all[0];
        if (IsAuthority(signer) || !MaySign(signer)) return null;
        if (NumberAuthority.TryRead(signer) is not { } authority) return null;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;
        if (!anchors.Trusts(signer, all, at)) return null;
        if (signer.GetECDsaPublicKey() is not { } key) return null;
        // ES256 is ECDSA on P-256 and nothing else (RFC 7518 section 3.4).
        if (key.ExportParameters(false).Curve.Oid.Value == P256)
            return new SigningCertificate(key, authority, UnixMs(signer.NotBefore), UnixMs(signer.NotAfter));
        key.Dispose();
        return null;
    }

    private static bool IsAuthority(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509BasicConstraintsExtension { CertificateAuthority: true }) return true;
        }
        return false;
    }

    private static bool MaySign(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509KeyUsageExtension usage)
                return usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature);
        }
        return true;
    }

    private static long UnixMs(DateTime local) => new DateTimeOffset(local).ToUnixTimeMilliseconds();
}
