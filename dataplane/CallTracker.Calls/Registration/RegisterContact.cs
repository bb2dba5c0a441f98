using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Registration;

/// <summary>
/// How long one Contact of a REGISTER asks for and how long it gets (RFC 3261 section 10.3 items 6 and 7). Stateless.
/// </summary>
internal static class RegisterContact
{
    /// <summary>The shortest time; less is refused with 423.</summary>
    public const int ExpiresSecMin = 60;

    /// <summary>The longest time given.</summary>
    public const int ExpiresSecMax = 7200;

    /// <summary>What is given when nothing is asked for.</summary>
    public const int ExpiresSecDefault = 3600;

    /// <summary>
    /// The most given over UDP to a peer behind an address translator: its refreshes keep the translator's door open.
    /// </summary>
    public const int ExpiresSecMaxBehindNat = 120;

    /// <summary>The longest Contact URI kept, in bytes.</summary>
    public const int UriLengthMax = 256;

    // c-p-expires = "expires" EQUAL delta-seconds; a value that cannot be read counts as 3600
    public static int AskedSec(in NameAddrView contact, SipMessage register)
    {
        if (contact.Parameters.TryGet("expires"u8, out var own)) return ReadSec(own);
        return register.Count(SipHeaderKind.Expires) > 0
            ? ReadSec(register.Header(SipHeaderKind.Expires))
            : ExpiresSecDefault;
    }

    public static int GrantedSec(int askedSec, in SipUriView contact, SipTransportKind transport, in IpEndpoint source)
    {
        var isBehindNat = transport == SipTransportKind.Udp
            && !(contact.TryGetEndpoint(out var own) && own == source);
        return Math.Min(askedSec, isBehindNat ? ExpiresSecMaxBehindNat : ExpiresSecMax);
    }

    // delta-seconds = 1*DIGIT
    private static int ReadSec(ReadOnlySpan<byte> text) =>
        SipText.TryReadNumber(text, int.MaxValue, out var sec) ? (int)sec : ExpiresSecDefault;
}
