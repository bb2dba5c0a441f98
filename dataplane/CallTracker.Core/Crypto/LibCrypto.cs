using System.Runtime.InteropServices;

namespace CallTracker.Core.Crypto;

/// <summary>
/// The functions of OpenSSL 3's libcrypto that media encryption needs, blittable, without marshalling. .NET's own
/// classes rest on the same library, but have no counter mode, and allocate for each packet.
/// </summary>
internal static unsafe partial class LibCrypto
{
    // .NET has loaded it already for its own cryptography.
    private const string Library = "libcrypto.so.3";
    public const int Ok = 1;
    public const int AeadGetTag = 0x10;
    public const int AeadSetTag = 0x11;
    public const int KeepDirection = -1;

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_ctr")]
    public static partial nint Aes128Ctr();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_ctr")]
    public static partial nint Aes256Ctr();

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_gcm")]
    public static partial nint Aes128Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_gcm")]
    public static partial nint Aes256Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    public static partial nint CipherNew();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_reset")]
    public static partial int CipherReset(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    public static partial void CipherFree(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    public static partial int CipherInit(nint context, nint type, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Library, EntryPoint = "EVP_CipherUpdate")]
    public static partial int CipherUpdate(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_CipherFinal_ex")]
    public static partial int CipherFinal(nint context, byte* output, int* written);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    public static partial int CipherControl(nint context, int what, int number, byte* data);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_fetch")]
    public static partial nint MacFetch(nint library, byte* name, byte* properties);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_free")]
    public static partial void MacTypeFree(nint mac);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_CTX_new")]
    public static partial nint MacNew(nint mac);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_CTX_free")]
    public static partial void MacFree(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_init")]
    public static partial int MacInit(nint context, byte* key, nuint keyLength, MacParameter* parameters);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_update")]
    public static partial int MacUpdate(nint context, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_final")]
    public static partial int MacFinal(nint context, byte* output, nuint* written, nuint size);
}
