using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.Node.Streams;

/// <summary>
/// What the files held when they were read: our certificate with its chain, and the roots we trust. Immutable; a
/// reload makes a new one, and connections keep theirs.
/// </summary>
internal sealed class TlsMaterial
{
    private TlsMaterial(SslStreamCertificateContext? certificate, X509ChainPolicy policy, DateTimeOffset notAfter) =>
        (Certificate, Policy, NotAfter) = (certificate, policy, notAfter);

    /// <summary>Null when the node has no certificate.</summary>
    public SslStreamCertificateContext? Certificate { get; }

    /// <summary>How certificates of peers are judged.</summary>
    public X509ChainPolicy Policy { get; }

    /// <summary>When our certificate ends.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Reads the files; the reason instead when they cannot be used. No secret is in the reason.</summary>
    public static TlsMaterial? TryRead(TlsSettings settings, DateTimeOffset now, out string reason)
    {
        reason = "";
        try
        {
            var policy = ReadPolicy(settings);
            if (settings.CertificatePath is null) return new TlsMaterial(null, policy, default);
            var certificate = X509Certificate2.CreateFromPemFile(settings.CertificatePath, settings.KeyPath);
            var notAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            if (notAfter <= now)
            {
                reason = "the certificate has expired";
                return null;
            }
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.CertificatePath);
            var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
            return new TlsMaterial(context, policy, notAfter);
        }
        catch (Exception e) when (
            e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            reason = e is CryptographicException or ArgumentException
                ? "no certificate with its key can be read from the files"
                : "a file cannot be read";
            return null;
        }
    }

    private static X509ChainPolicy ReadPolicy(TlsSettings settings)
    {
        // Carriers' private roots publish no revocation lists; a compromised peer is taken out of the trunks.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (settings.CaPath is null) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.ImportFromPemFile(settings.CaPath);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CryptographicException("The file of trusted roots holds no certificate.");
    }
}
