using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Who calls: P-Asserted-Identity before From (RFC 3325), withheld by Privacy or an anonymous From (RFC 3323),
/// payphone by
/// the <c>cpc</c> parameter that Japanese carriers send. Stateless.
/// </summary>
internal static class CallerIdentity
{
    public static void Read(SipMessage invite, CallFacts facts)
    {
        _ = NameAddrView.TryParse(invite.From, out var from);
        var asserted = default(NameAddrView);
        var isAsserted = invite.Count(SipHeaderKind.PAssertedIdentity) > 0
            && NameAddrView.TryParse(invite.Header(SipHeaderKind.PAssertedIdentity), out asserted);
        facts.CallerPayphone = IsPayphone(from.Uri) || (isAsserted && IsPayphone(asserted.Uri));
        facts.CallerWithheld = IsWithheld(invite, from);
        if (facts.CallerWithheld) return;
        if (isAsserted && TryReadNumber(asserted.Uri, out var number)) facts.Caller = number;
        else if (TryReadNumber(from.Uri, out number)) facts.Caller = number;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out PhoneNumber number)
    {
        number = default;
        return SipUriView.TryParse(text, out var uri) && CalledNumber.TryRead(uri, out number);
    }

    // Privacy: id / user / header / critical; From: "Anonymous" <sip:anonymous@anonymous.invalid>
    private static bool IsWithheld(SipMessage invite, in NameAddrView from)
    {
        if (invite.HasToken(SipHeaderKind.Privacy, "id"u8)) return true;
        if (invite.HasToken(SipHeaderKind.Privacy, "user"u8)) return true;
        if (!SipUriView.TryParse(from.Uri, out var uri)) return false;
        return SipText.EqualsIgnoreCase(uri.User, "anonymous"u8)
            || SipText.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8);
    }

    // cpc=payphone as a parameter of the URI (draft-mahy-iptel-cpc) or of the user part.
    private static bool IsPayphone(ReadOnlySpan<byte> text)
    {
        if (!SipUriView.TryParse(text, out var uri)) return false;
        if (uri.Parameters.TryGet("cpc"u8, out var category)) return SipText.EqualsIgnoreCase(category, "payphone"u8);
        var semicolon = uri.User.IndexOf((byte)';');
        return semicolon >= 0 && new SipParameters(uri.User[semicolon..]).TryGet("cpc"u8, out category)
            && SipText.EqualsIgnoreCase(category, "payphone"u8);
    }
}
