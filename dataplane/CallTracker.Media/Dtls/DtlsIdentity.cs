using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.Media.Dtls;

/// <summary>
/// Who we are in DTLS handshakes: a key and certificate made at start, which nobody signs because SDP vouches for it,
/// and how handshakes go (DTLS 1.2, the SRTP profiles that <see cref="Srtp.SrtpSuites"/> has). Owns one native
/// context, shared by all workers; lives as long as the node.
/// </summary>
public sealed unsafe class DtlsIdentity : IDisposable
{
    // Best first: of those that a peer offers, the first here is taken.
    private static ReadOnlySpan<byte> Profiles =>
        "SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32\0"u8;

    private static ReadOnlySpan<byte> Ciphers =>
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"u8
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305\0"u8;

    private DtlsIdentity(nint context, in DtlsFingerprint fingerprint) =>
        (Context, Fingerprint) = (context, fingerprint);

    ~DtlsIdentity() => Free();

    /// <summary>Of our certificate.</summary>
    public DtlsFingerprint Fingerprint { get; }

    internal nint Context { get; private set; }

    /// <summary>Makes one; null where OpenSSL 3 is missing or refuses.</summary>
    /// <param name="now">The certificate holds from a day before, as clocks differ, for ten years.</param>
    public static DtlsIdentity? TryMake(DateTimeOffset now)
    {
        if (!LibSsl.IsPresent) return null;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=media", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        var keyBytes = key.ExportECPrivateKey();
        var context = Open(certificate.RawData, keyBytes);
        CryptographicOperations.ZeroMemory(keyBytes);
        return context == 0 ? null : new DtlsIdentity(context, DtlsFingerprint.Of(certificate.RawData));
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static nint Open(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> key)
    {
        LibSsl.ClearErrors();
        var context = LibSsl.ContextNew(LibSsl.Method());
        if (context == 0) return 0;
        LibSsl.SetOptions(context, LibSsl.Options);
        LibSsl.ContextControl(context, LibSsl.SetMode, LibSsl.ReleaseBuffers, 0);
        LibSsl.ContextControl(context, LibSsl.SetSessionCache, 0, 0);
        // Whether it is the right certificate is told by its fingerprint, when the handshake is done.
        LibSsl.SetVerifyCallback(context, &TakeAnyCertificate, 0);
        LibSsl.SetVerify(context, LibSsl.VerifyPeer, 0);
        fixed (byte* der = certificate, secret = key, ciphers = Ciphers, profiles = Profiles)
        {
            var isGood = LibSsl.ContextControl(context, LibSsl.SetVersionMin, LibSsl.Dtls12, 0) == LibSsl.Ok
                && LibSsl.SetCiphers(context, ciphers) == LibSsl.Ok
                && LibSsl.UseCertificate(context, certificate.Length, der) == LibSsl.Ok
                && LibSsl.UseKey(LibSsl.KeyOfCurve, context, secret, key.Length) == LibSsl.Ok
                && LibSsl.UseSrtp(context, profiles) == 0;
            if (isGood) return context;
        }
        LibSsl.ContextFree(context);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int TakeAnyCertificate(nint store, nint argument) => LibSsl.Ok;

    private void Free()
    {
        if (Context != 0) LibSsl.ContextFree(Context);
        Context = 0;
    }
}
