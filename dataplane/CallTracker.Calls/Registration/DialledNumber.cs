using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Registration;

/// <summary>
/// The number that was dialled. A carrier we registered with may send all its calls to our Contact, the user's name in
/// the Request-URI; the number is in P-Called-Party-ID (RFC 7315) or To then. Stateless.
/// </summary>
internal static class DialledNumber
{
    /// <summary>False when the INVITE names no telephone number.</summary>
    public static bool TryRead(CallEngine engine, SipMessage invite, in IpEndpoint source, out PhoneNumber number)
    {
        var trunks = engine.Routes.Trunks;
        if (trunks.Registers && IsToOurContact(trunks, invite, source))
        {
            if (TryReadAddress(invite.Header(SipHeaderKind.PCalledPartyId), out number)) return true;
            if (TryReadAddress(invite.To, out number)) return true;
        }
        return CalledNumber.TryRead(invite, out number);
    }

    private static bool IsToOurContact(TrunkTable trunks, SipMessage invite, in IpEndpoint source)
    {
        if (!SipUriView.TryParse(invite.RequestUri, out var uri)) return false;
        foreach (var trunk in trunks.All)
        {
            if (!trunk.Register || trunk.Credentials is not { } own) continue;
            if (uri.User.SequenceEqual(own.Username) && trunk.Admits(source)) return true;
        }
        return false;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> value, out PhoneNumber number)
    {
        number = default;
        return NameAddrView.TryParse(value, out var address) && SipUriView.TryParse(address.Uri, out var uri)
            && CalledNumber.TryRead(uri, out number);
    }
}
