using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// The calling party's category as carriers send it: <c>cpc</c> (draft-mahy-iptel-cpc) or <c>isup-oli</c> in a sip or
/// tel URI or in its user part, or the display name that Japanese carriers give an anonymous payphone. Stateless.
/// </summary>
internal static class CallerCategory
{
    /// <summary>The display name of a payphone's anonymous From between Japanese carriers.</summary>
    public static ReadOnlySpan<byte> PayphoneDisplay => "\"Coin line/payphone\""u8;

    /// <summary>True when the address is a payphone's (公衆電話).</summary>
    public static bool IsPayphone(in NameAddrView address)
    {
        if (SipText.EqualsIgnoreCase(address.Display, PayphoneDisplay)) return true;
        if (SipText.EqualsIgnoreCase(address.Display, PayphoneDisplay[1..^1])) return true;
        if (!SipUriView.TryParse(address.Uri, out var uri)) return false;
        if (IsPayphone(uri.Parameters)) return true;
        var semicolon = uri.User.IndexOf((byte)';');
        return semicolon >= 0 && IsPayphone(new SipParameters(uri.User[semicolon..]));
    }

    // ANI II digits 27: coin, 70: private paystation.
    private static bool IsPayphone(in SipParameters parameters)
    {
        if (parameters.TryGet("cpc"u8, out var category)) return SipText.EqualsIgnoreCase(category, "payphone"u8);
        return parameters.TryGet("isup-oli"u8, out var line)
            && (line.SequenceEqual("27"u8) || line.SequenceEqual("70"u8));
    }
}
