using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.Backends.Stir;

/// <summary>
/// The roots a signer's chain must end in, read once at start from a folder of PEM files. Immutable; any thread.
/// </summary>
public sealed class TrustAnchors
{
    private const int FilesMax = 1_000;
    private readonly X509Certificate2Collection _roots = [];

    private TrustAnchors()
    {
    }

    public int Count => _roots.Count;

    /// <summary>Trusts nobody: every caller's certificate is unsupported.</summary>
    public static TrustAnchors None { get; } = new();

    /// <summary>Throws <see cref="InvalidDataException"/> naming the file when one does not read.</summary>
    public static TrustAnchors Load(string folder)
    {
        var anchors = new TrustAnchors();
        if (!Directory.Exists(folder)) throw new InvalidDataException($"The folder {folder} does not exist.");
        foreach (var file in Directory.EnumerateFiles(folder, "*.pem").Take(FilesMax))
        {
            try
            {
                anchors._roots.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new InvalidDataException($"{file} holds no certificates in PEM.", e);
            }
        }
        return anchors;
    }

    /// <summary>True when a chain leads from the certificate to one of the roots at that time.</summary>
    internal bool Trusts(X509Certificate2 certificate, X509Certificate2Collection others, DateTime at)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(others);
        policy.VerificationTime = at;
        // Whoever wrote the certificate chooses the addresses in it: nothing is fetched from there.
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        var isTrusted = _roots.Count > 0 && chain.Build(certificate);
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        return isTrusted;
    }
}
