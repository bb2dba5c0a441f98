using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>Names and sizes of digest algorithms. Stateless.</summary>
public static class DigestAlgorithms
{
    /// <summary>The longest response in hexadecimal digits.</summary>
    public const int HexLengthMax = 64;

    // algorithm = "algorithm" EQUAL ("MD5" / "MD5-sess" / "SHA-256" / "SHA-256-sess" / token); absent means MD5
    public static DigestAlgorithm Parse(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || SipText.EqualsIgnoreCase(name, "MD5"u8)) return DigestAlgorithm.Md5;
        if (SipText.EqualsIgnoreCase(name, "SHA-256"u8)) return DigestAlgorithm.Sha256;
        if (SipText.EqualsIgnoreCase(name, "MD5-sess"u8)) return DigestAlgorithm.Md5Session;
        return SipText.EqualsIgnoreCase(name, "SHA-256-sess"u8)
            ? DigestAlgorithm.Sha256Session
            : DigestAlgorithm.Unknown;
    }

    public static ReadOnlySpan<byte> NameOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5"u8,
        DigestAlgorithm.Md5Session => "MD5-sess"u8,
        DigestAlgorithm.Sha256 => "SHA-256"u8,
        DigestAlgorithm.Sha256Session => "SHA-256-sess"u8,
        _ => default,
    };

    public static bool IsSession(DigestAlgorithm algorithm) =>
        algorithm is DigestAlgorithm.Md5Session or DigestAlgorithm.Sha256Session;

    /// <summary>Hexadecimal digits of its response; 0 when unknown.</summary>
    public static int HexLength(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 or DigestAlgorithm.Md5Session => 32,
        DigestAlgorithm.Sha256 or DigestAlgorithm.Sha256Session => HexLengthMax,
        _ => 0,
    };
}
