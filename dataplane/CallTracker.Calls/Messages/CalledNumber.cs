using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>The called number: Request-URI as <c>sip:0120…@</c>, <c>sip:+81…@</c> or <c>tel:</c>. Stateless.</summary>
internal static class CalledNumber
{
    /// <summary>False when the Request-URI carries no telephone number.</summary>
    public static bool TryRead(SipMessage invite, out PhoneNumber number)
    {
        number = default;
        return SipUriView.TryParse(invite.RequestUri, out var uri) && TryRead(uri, out number);
    }

    /// <summary>The normalised number in a URI's user part.</summary>
    public static bool TryRead(in SipUriView uri, out PhoneNumber number)
    {
        number = default;
        Span<char> text = stackalloc char[PhoneNumber.DigitsMax + 8];
        if (!uri.TryGetNumber(text, out var length)) return false;
        Span<byte> bytes = stackalloc byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)text[i];
        return PhoneNumber.TryNormalise(bytes, out number);
    }
}
