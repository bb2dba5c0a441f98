using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>Names of <see cref="DigestQop"/>. Stateless.</summary>
internal static class DigestQops
{
    /// <summary>One name; <see cref="DigestQop.None"/> when it is unknown.</summary>
    public static DigestQop Parse(ReadOnlySpan<byte> name)
    {
        if (SipText.EqualsIgnoreCase(name, "auth"u8)) return DigestQop.Auth;
        return SipText.EqualsIgnoreCase(name, "auth-int"u8) ? DigestQop.AuthInt : DigestQop.None;
    }

    // qop-options = "qop" EQUAL LDQUOT qop-value *("," qop-value) RDQUOT
    public static DigestQop ParseList(ReadOnlySpan<byte> list)
    {
        var found = DigestQop.None;
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            found |= Parse(SipText.Trim(comma < 0 ? list : list[..comma]));
            list = comma < 0 ? default : list[(comma + 1)..];
        }
        return found;
    }

    public static ReadOnlySpan<byte> NameOf(DigestQop qop) => qop == DigestQop.AuthInt ? "auth-int"u8 : "auth"u8;
}
