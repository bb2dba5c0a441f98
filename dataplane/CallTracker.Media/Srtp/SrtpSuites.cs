using System.Text;

namespace CallTracker.Media.Srtp;

/// <summary>The lengths and names of each <see cref="SrtpSuite"/>, all lengths in bytes. Stateless.</summary>
public static class SrtpSuites
{
    /// <summary>How many suites there are, <see cref="SrtpSuite.None"/> not counted.</summary>
    public const int Count = (int)SrtpSuite.Cm128Sha32;

    /// <summary>The longest master key and master salt together.</summary>
    public const int MasterLengthMax = 46;

    /// <summary>The longest session key.</summary>
    public const int KeyLengthMax = 32;

    /// <summary>Most bytes that protection adds to a datagram: a tag of AES-GCM and the index of SRTCP.</summary>
    public const int OverheadMax = 20;

    /// <summary>Of the master key, and of the session's encryption key.</summary>
    public static int KeyLength(SrtpSuite suite) =>
        suite is SrtpSuite.Aead256Gcm or SrtpSuite.Cm256Sha80 or SrtpSuite.Cm256Sha32 ? 32 : 16;

    /// <summary>Of the master salt, and of the session salt.</summary>
    public static int SaltLength(SrtpSuite suite) => IsAead(suite) ? 12 : 14;

    public static int MasterLength(SrtpSuite suite) => KeyLength(suite) + SaltLength(suite);

    /// <summary>Of the tag behind each RTP packet.</summary>
    public static int RtpTagLength(SrtpSuite suite) => IsAead(suite) ? 16 : IsShort(suite) ? 4 : 10;

    /// <summary>
    /// Of the tag in each RTCP datagram; 80 bits also where RTP has 32 (RFC 4568 section 6.2.2, RFC 6188 section 4).
    /// </summary>
    public static int RtcpTagLength(SrtpSuite suite) => IsAead(suite) ? 16 : 10;

    public static bool IsAead(SrtpSuite suite) => suite is SrtpSuite.Aead256Gcm or SrtpSuite.Aead128Gcm;

    /// <summary>The name in SDP.</summary>
    public static ReadOnlySpan<byte> Name(SrtpSuite suite) => suite switch
    {
        SrtpSuite.Aead256Gcm => "AEAD_AES_256_GCM"u8,
        SrtpSuite.Aead128Gcm => "AEAD_AES_128_GCM"u8,
        SrtpSuite.Cm256Sha80 => "AES_256_CM_HMAC_SHA1_80"u8,
        SrtpSuite.Cm128Sha80 => "AES_CM_128_HMAC_SHA1_80"u8,
        SrtpSuite.Cm256Sha32 => "AES_256_CM_HMAC_SHA1_32"u8,
        SrtpSuite.Cm128Sha32 => "AES_CM_128_HMAC_SHA1_32"u8,
        _ => default,
    };

    /// <summary>
    /// The suite of a name; None when it is not known here. Names are compared without regard to case.
    /// </summary>
    public static SrtpSuite Find(ReadOnlySpan<byte> name)
    {
        for (var suite = SrtpSuite.Aead256Gcm; suite <= SrtpSuite.Cm128Sha32; suite++)
        {
            if (Ascii.EqualsIgnoreCase(name, Name(suite))) return suite;
        }
        return SrtpSuite.None;
    }

    private static bool IsShort(SrtpSuite suite) => suite is SrtpSuite.Cm256Sha32 or SrtpSuite.Cm128Sha32;
}
