using System.Runtime.InteropServices;

namespace CallTracker.Media.Dtls;

/// <summary>
/// The functions of OpenSSL 3 that a DTLS handshake for SRTP needs, blittable, without marshalling. .NET has no DTLS,
/// but loads the same library for TLS. Where it is missing, <see cref="IsPresent"/> is false and none may be called.
/// </summary>
internal static unsafe partial class LibSsl
{
    public const int Ok = 1;
    public const int WantRead = 2;
    public const int WantWrite = 3;
    /// <summary>SSL_VERIFY_PEER and SSL_VERIFY_FAIL_IF_NO_PEER_CERT.</summary>
    public const int VerifyPeer = 3;
    /// <summary>SSL_CTRL_SET_MTU.</summary>
    public const int SetMtu = 17;
    /// <summary>SSL_CTRL_MODE.</summary>
    public const int SetMode = 33;
    /// <summary>SSL_CTRL_SET_SESS_CACHE_MODE.</summary>
    public const int SetSessionCache = 44;
    /// <summary>DTLS_CTRL_HANDLE_TIMEOUT.</summary>
    public const int HandleTimeout = 74;
    /// <summary>SSL_CTRL_SET_MIN_PROTO_VERSION.</summary>
    public const int SetVersionMin = 123;
    /// <summary>DTLS1_2_VERSION.</summary>
    public const int Dtls12 = 0xFEFD;
    /// <summary>SSL_MODE_RELEASE_BUFFERS.</summary>
    public const int ReleaseBuffers = 0x10;
    /// <summary>SSL_OP_NO_QUERY_MTU, SSL_OP_NO_TICKET and SSL_OP_NO_RENEGOTIATION.</summary>
    public const ulong Options = (1UL << 12) | (1UL << 14) | (1UL << 30);
    /// <summary>EVP_PKEY_EC.</summary>
    public const int KeyOfCurve = 408;
    /// <summary>BIO_CTRL_RESET.</summary>
    public const int BioReset = 1;
    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";
    private static readonly bool Found = HasAll();

    /// <summary>True when the machine has the library with all that is used of it.</summary>
    public static bool IsPresent => Found;

    [LibraryImport(Ssl, EntryPoint = "DTLS_method")]
    public static partial nint Method();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint ContextNew(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void ContextFree(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint ContextControl(nint context, int what, nint number, nint data);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cipher_list")]
    public static partial int SetCiphers(nint context, byte* list);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    public static partial int UseCertificate(nint context, int length, byte* der);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_ASN1")]
    public static partial int UseKey(int kind, nint context, byte* der, nint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    public static partial void SetVerifyCallback(
        nint context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    /// <summary>0 is success here.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_tlsext_use_srtp")]
    public static partial int UseSrtp(nint context, byte* profiles);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint New(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    /// <summary>Both belong to the connection afterwards.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint input, nint output);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetAccept(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void SetConnect(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int GetError(nint ssl, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(nint ssl, int what, nint number, nint data);

    [LibraryImport(Ssl, EntryPoint = "DTLS_set_timer_cb")]
    public static partial void SetTimer(nint ssl, delegate* unmanaged<nint, uint, uint> callback);

    /// <summary>To be freed by <see cref="CertificateFree"/>; 0 when there is none.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint PeerCertificate(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_selected_srtp_profile")]
    public static partial SrtpProfile* SelectedProfile(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_export_keying_material")]
    public static partial int Export(
        nint ssl, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength,
        int hasContext);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void CertificateFree(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "X509_digest")]
    public static partial int CertificateDigest(nint certificate, nint hash, byte* digest, uint* length);

    [LibraryImport(Crypto, EntryPoint = "EVP_sha256")]
    public static partial nint Sha256();

    [LibraryImport(Crypto, EntryPoint = "EVP_sha384")]
    public static partial nint Sha384();

    [LibraryImport(Crypto, EntryPoint = "EVP_sha512")]
    public static partial nint Sha512();

    [LibraryImport(Crypto, EntryPoint = "BIO_s_mem")]
    public static partial nint BioMemory();

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint BioNew(nint kind);

    [LibraryImport(Crypto, EntryPoint = "BIO_free")]
    public static partial int BioFree(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_write")]
    public static partial int BioWrite(nint bio, byte* data, int length);

    [LibraryImport(Crypto, EntryPoint = "BIO_read")]
    public static partial int BioRead(nint bio, byte* data, int length);

    [LibraryImport(Crypto, EntryPoint = "BIO_ctrl")]
    public static partial nint BioControl(nint bio, int what, nint number, nint data);

    /// <summary>What failed before on this thread, in .NET's own use too, would be taken for ours.</summary>
    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    // The newest of what is used stand for the rest: all others are older than OpenSSL 1.1.1.
    private static bool HasAll() =>
        NativeLibrary.TryLoad(Ssl, out var ssl)
        && NativeLibrary.TryLoad(Crypto, out var crypto)
        && NativeLibrary.TryGetExport(ssl, "DTLS_method", out _)
        && NativeLibrary.TryGetExport(ssl, "DTLS_set_timer_cb", out _)
        && NativeLibrary.TryGetExport(ssl, "SSL_get1_peer_certificate", out _)
        && NativeLibrary.TryGetExport(ssl, "SSL_CTX_set_tlsext_use_srtp", out _)
        && NativeLibrary.TryGetExport(ssl, "SSL_export_keying_material", out _)
        && NativeLibrary.TryGetExport(crypto, "X509_digest", out _)
        && NativeLibrary.TryGetExport(crypto, "BIO_s_mem", out _);

    /// <summary>SRTP_PROTECTION_PROFILE of srtp.h; owned by the library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SrtpProfile
    {
        public byte* Name;
        public nuint Id;
    }
}
