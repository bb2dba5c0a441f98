using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// What every request outside a dialog must meet, in the order of RFC 3261 section 8.2, once its method is one we take.
/// Stateless.
/// </summary>
internal static class OutsideDialog
{
    /// <summary>0, 416 for a scheme nobody here acts on, or 420 for an extension nobody here has.</summary>
    public static ushort Check(SipMessage request)
    {
        if (!IsKnownScheme(request)) return 416;
        return request.Count(SipHeaderKind.Require) > 0 ? (ushort)420 : (ushort)0;
    }

    /// <summary>The status for a Request-URI that names nobody: 416 when its scheme is unknown, else 404.</summary>
    public static ushort CodeForUri(SipMessage request) => IsKnownScheme(request) ? (ushort)404 : (ushort)416;

    private static bool IsKnownScheme(SipMessage request) =>
        SipUriView.TryParse(request.RequestUri, out var uri) && uri.Scheme != SipUriScheme.Other;
}
