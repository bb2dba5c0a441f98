using System.Runtime.InteropServices;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>
/// One direction of Cisco's libsrtp (Debian's libsrtp2-1, built on NSS): an implementation that shares no line and no
/// cipher with ours.
/// </summary>
internal sealed unsafe partial class LibSrtp : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;
    private readonly byte[] _master;
    private readonly GCHandle _pin;
    private readonly nint _session;

    static LibSrtp() => Init().ShouldBe(0);

    public LibSrtp(in SrtpMaster master, bool sends)
    {
        _master = master.Bytes.ToArray();
        _pin = GCHandle.Alloc(_master, GCHandleType.Pinned);
        var policy = new Policy
        {
            SsrcType = sends ? AnyOutbound : AnyInbound,
            Key = _pin.AddrOfPinnedObject(),
            WindowSize = 128,
        };
        Choose(master.Suite, &policy.Rtp, &policy.Rtcp);
        Create(out _session, &policy).ShouldBe(0);
    }

    /// <summary>0 when done; the packet's new length.</summary>
    public int ProtectRtp(byte[] buffer, ref int length) => Run(&Protect, buffer, ref length);

    public int UnprotectRtp(byte[] buffer, ref int length) => Run(&Unprotect, buffer, ref length);

    public int ProtectRtcp(byte[] buffer, ref int length) => Run(&ProtectControl, buffer, ref length);

    public int UnprotectRtcp(byte[] buffer, ref int length) => Run(&UnprotectControl, buffer, ref length);

    public void Dispose()
    {
        Destroy(_session);
        _pin.Free();
    }

    private int Run(delegate*<nint, byte*, int*, int> function, byte[] buffer, ref int length)
    {
        fixed (byte* bytes = buffer)
        fixed (int* size = &length)
        {
            return function(_session, bytes, size);
        }
    }

    // 32-bit tags are for RTP alone (RFC 4568 section 6.2.2).
    private static void Choose(SrtpSuite suite, CryptoPolicy* rtp, CryptoPolicy* rtcp)
    {
        if (suite is SrtpSuite.Aead256Gcm) Gcm256(rtp);
        else if (suite is SrtpSuite.Aead128Gcm) Gcm128(rtp);
        else if (suite is SrtpSuite.Cm256Sha80) Cm256Sha80(rtp);
        else if (suite is SrtpSuite.Cm256Sha32) Cm256Sha32(rtp);
        else if (suite is SrtpSuite.Cm128Sha32) Cm128Sha32(rtp);
        else Cm128Sha80(rtp);
        *rtcp = *rtp;
        if (suite is SrtpSuite.Cm256Sha32) Cm256Sha80(rtcp);
        if (suite is SrtpSuite.Cm128Sha32) Cm128Sha80(rtcp);
    }

    [LibraryImport(Library, EntryPoint = "srtp_init")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "srtp_create")]
    private static partial int Create(out nint session, Policy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_dealloc")]
    private static partial int Destroy(nint session);

    [LibraryImport(Library, EntryPoint = "srtp_protect")]
    private static partial int Protect(nint session, byte* packet, int* length);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect")]
    private static partial int Unprotect(nint session, byte* packet, int* length);

    [LibraryImport(Library, EntryPoint = "srtp_protect_rtcp")]
    private static partial int ProtectControl(nint session, byte* packet, int* length);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_rtcp")]
    private static partial int UnprotectControl(nint session, byte* packet, int* length);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
    private static partial void Cm128Sha80(CryptoPolicy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32")]
    private static partial void Cm128Sha32(CryptoPolicy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80")]
    private static partial void Cm256Sha80(CryptoPolicy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32")]
    private static partial void Cm256Sha32(CryptoPolicy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_128_16_auth")]
    private static partial void Gcm128(CryptoPolicy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_256_16_auth")]
    private static partial void Gcm256(CryptoPolicy* policy);

    // srtp_crypto_policy_t of srtp.h
    [StructLayout(LayoutKind.Sequential)]
    private struct CryptoPolicy
    {
        public uint CipherType;
        public int CipherKeyLength;
        public uint AuthType;
        public int AuthKeyLength;
        public int AuthTagLength;
        public int Services;
    }

    // srtp_policy_t of srtp.h, version 2.5
    [StructLayout(LayoutKind.Sequential)]
    private struct Policy
    {
        public int SsrcType;
        public uint Ssrc;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public nint Key;
        public nint Keys;
        public nuint KeyCount;
        public nint Unused;
        public nuint WindowSize;
        public int AllowsRepeat;
        public nint EncryptedExtensions;
        public int EncryptedExtensionCount;
        public nint Next;
    }
}
