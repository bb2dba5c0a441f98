using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// Who calls. From a trusted trunk (RFC 3325 trust domain): P-Asserted-Identity, else Remote-Party-ID, else From. From
/// any other: what the caller says of itself, From and then P-Preferred-Identity; nothing of it is ever asserted.
/// Withheld by Privacy (RFC 3323), by Remote-Party-ID, or by an anonymous From. Stateless.
/// </summary>
internal static class CallerIdentity
{
    public static void Read(SipMessage invite, bool isTrusted, Call call)
    {
        _ = NameAddrView.TryParse(invite.From, out var from);
        var wish = PrivacyHeader.Read(invite);
        var network = isTrusted ? ReadNetwork(invite) : default;
        ref var caller = ref call.Caller;
        var facts = call.Facts;
        facts.CallerWithheld = IsWithheld(wish, from, network);
        facts.CallerPayphone = isTrusted && (network.IsPayphone || CallerCategory.IsPayphone(from));
        facts.Caller = facts.CallerWithheld ? default : NumberOf(invite, from, network);
        caller = new CallerProfile
        {
            Asserted = AssertedOf(facts, network, isTrusted),
            WasTrusted = isTrusted,
            HidesHistory = (wish & (PrivacyWish.History | PrivacyWish.Header)) != PrivacyWish.Unsaid,
            HasHistory = invite.Count(SipHeaderKind.Diversion) + invite.Count(SipHeaderKind.HistoryInfo) > 0,
            Reason = ForwardingReason.Unconditional,
        };
    }

    /// <summary>
    /// True when the caller wants the call refused rather than a wish unfulfilled (RFC 3323 section 4.2), and one of
    /// its wishes is unknown here.
    /// </summary>
    public static bool WantsTheImpossible(SipMessage invite)
    {
        if (invite.Count(SipHeaderKind.Privacy) == 0) return false;
        const PrivacyWish Both = PrivacyWish.Critical | PrivacyWish.Other;
        return (PrivacyHeader.Read(invite) & Both) == Both;
    }

    // From of a trusted trunk is the network's word, unless it stands beside a better one or hides.
    private static PhoneNumber AssertedOf(CallFacts facts, in NetworkIdentity network, bool isTrusted)
    {
        if (!isTrusted) return default;
        return network.Number.IsEmpty ? facts.Caller : network.Number;
    }

    private static PhoneNumber NumberOf(SipMessage invite, in NameAddrView from, in NetworkIdentity network)
    {
        if (!network.Number.IsEmpty) return network.Number;
        if (TryReadNumber(from.Uri, out var number)) return number;
        for (var i = 0; i < invite.Count(SipHeaderKind.PPreferredIdentity); i++)
        {
            var isRead = NameAddrView.TryParse(invite.Header(SipHeaderKind.PPreferredIdentity, i), out var preferred);
            if (isRead && TryReadNumber(preferred.Uri, out number)) return number;
        }
        return default;
    }

    // From: "Anonymous" <sip:anonymous@anonymous.invalid>. An explicit "none" beside a number that the network knows
    // says that the caller does not mean it.
    private static bool IsWithheld(PrivacyWish wish, in NameAddrView from, in NetworkIdentity network)
    {
        if ((wish & (PrivacyWish.Id | PrivacyWish.User)) != PrivacyWish.Unsaid || network.IsWithheld) return true;
        if ((wish & PrivacyWish.Nothing) != PrivacyWish.Unsaid && !network.Number.IsEmpty) return false;
        if (!SipUriView.TryParse(from.Uri, out var uri)) return false;
        return SipText.EqualsIgnoreCase(uri.User, "anonymous"u8)
            || SipText.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8);
    }

    private static NetworkIdentity ReadNetwork(SipMessage invite)
    {
        var identity = default(NetworkIdentity);
        for (var i = 0; i < invite.Count(SipHeaderKind.PAssertedIdentity); i++)
        {
            if (NameAddrView.TryParse(invite.Header(SipHeaderKind.PAssertedIdentity, i), out var asserted))
                Take(ref identity, asserted);
        }
        for (var i = 0; i < invite.Count(SipHeaderKind.RemotePartyId); i++)
        {
            if (NameAddrView.TryParse(invite.Header(SipHeaderKind.RemotePartyId, i), out var party))
                TakeRemoteParty(ref identity, party);
        }
        return identity;
    }

    // rpi-token = "screen" / "party" / "id-type" / "privacy" … (draft-ietf-sip-privacy-04)
    private static void TakeRemoteParty(ref NetworkIdentity identity, in NameAddrView party)
    {
        if (party.Parameters.TryGet("party"u8, out var role) && !SipText.EqualsIgnoreCase(role, "calling"u8)) return;
        // screen=no: the user said so and nobody looked.
        if (party.Parameters.TryGet("screen"u8, out var screen) && SipText.EqualsIgnoreCase(screen, "no"u8)) return;
        if (party.Parameters.TryGet("privacy"u8, out var privacy))
            identity.IsWithheld |= SipText.EqualsIgnoreCase(privacy, "full"u8)
                || SipText.EqualsIgnoreCase(privacy, "uri"u8);
        Take(ref identity, party);
    }

    // The first number counts: a sip and a tel URI of the same caller may both be there.
    private static void Take(ref NetworkIdentity identity, in NameAddrView address)
    {
        identity.IsPayphone |= CallerCategory.IsPayphone(address);
        if (identity.Number.IsEmpty && TryReadNumber(address.Uri, out var number)) identity.Number = number;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out PhoneNumber number)
    {
        number = default;
        return SipUriView.TryParse(text, out var uri) && CalledNumber.TryRead(uri, out number);
    }

    /// <summary>What the headers of the trust domain say. Lives in one call.</summary>
    private struct NetworkIdentity
    {
        public PhoneNumber Number;
        public bool IsWithheld;
        public bool IsPayphone;
    }
}
