using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// Reads who forwarded a call before it came here: Diversion (RFC 5806, newest first) or History-Info (RFC 7044 and RFC
/// 4244, oldest first); of both, the one that knows more. Entries that name no telephone number are left out.
/// Stateless.
/// </summary>
internal static class ForwardingReader
{
    private const uint CounterMax = 100;

    /// <param name="invite">The caller's INVITE.</param>
    /// <param name="called">The number it calls: the end of the history, not a part of it.</param>
    public static ForwardingChain Read(SipMessage invite, PhoneNumber called)
    {
        var diversion = ReadDiversion(invite);
        var history = ReadHistory(invite, called);
        return history.Hops > diversion.Hops ? history : diversion;
    }

    // Diversion = "Diversion" ":" 1# (name-addr *( ";" diversion_params ))
    private static ForwardingChain ReadDiversion(SipMessage invite)
    {
        var chain = default(ForwardingChain);
        for (var i = invite.Count(SipHeaderKind.Diversion) - 1; i >= 0; i--)
        {
            if (!TryRead(invite.Header(SipHeaderKind.Diversion, i), out var address, out var number)) continue;
            var reason = address.Parameters.TryGet("reason"u8, out var word)
                ? ForwardingReasons.OfWord(word)
                : ForwardingReason.Unknown;
            chain.Add(new ForwardingStep
            {
                Number = number,
                Reason = reason,
                Count = CounterOf(address.Parameters),
                IsPrivate = IsPrivate(address.Parameters),
            });
        }
        return chain;
    }

    // hi-entry = hi-targeted-to-uri *(SEMI hi-param): each entry but the last sent the call on to the next, for the
    // cause in the next one's URI (RFC 4458) or the Reason in its own (RFC 4244). Without either it was only routed.
    private static ForwardingChain ReadHistory(SipMessage invite, PhoneNumber called)
    {
        var chain = default(ForwardingChain);
        var previous = default(ForwardingStep);
        var hasPrevious = false;
        for (var i = 0; i < invite.Count(SipHeaderKind.HistoryInfo); i++)
        {
            if (!TryRead(invite.Header(SipHeaderKind.HistoryInfo, i), out var address, out var number)) continue;
            _ = SipUriView.TryParse(address.Uri, out var uri);
            var cause = CauseOf(uri);
            if (hasPrevious && cause != 0) previous.Reason = ForwardingReasons.OfCause(cause);
            if (hasPrevious && (cause != 0 || previous.Count > 0)) Add(ref chain, previous);
            var own = EmbeddedCauseOf(uri.Headers);
            previous = new ForwardingStep
            {
                Number = number,
                Reason = ForwardingReasons.OfCause(own),
                Count = own == 0 ? (byte)0 : (byte)1,
                IsPrivate = uri.Headers.IndexOf("Privacy"u8) >= 0,
            };
            hasPrevious = true;
        }
        // A last entry with a reason of its own, and not the number called now, forwarded the call to that.
        if (hasPrevious && previous.Count > 0 && previous.Number != called) Add(ref chain, previous);
        return chain;
    }

    private static void Add(ref ForwardingChain chain, ForwardingStep step)
    {
        step.Count = 1;
        chain.Add(step);
    }

    private static bool TryRead(ReadOnlySpan<byte> value, out NameAddrView address, out PhoneNumber number)
    {
        number = default;
        return NameAddrView.TryParse(value, out address) && SipUriView.TryParse(address.Uri, out var uri)
            && CalledNumber.TryRead(uri, out number);
    }

    // diversion-counter = "counter" "=" 1*2DIGIT
    private static byte CounterOf(in SipParameters parameters)
    {
        if (!parameters.TryGet("counter"u8, out var text)) return 1;
        return SipText.TryReadNumber(text, CounterMax, out var counter) ? (byte)Math.Max(1, counter) : (byte)CounterMax;
    }

    // diversion-privacy = "privacy" "=" ( "full" / "name" / "uri" / "off" )
    private static bool IsPrivate(in SipParameters parameters) => parameters.TryGet("privacy"u8, out var privacy)
        && (SipText.EqualsIgnoreCase(privacy, "full"u8) || SipText.EqualsIgnoreCase(privacy, "uri"u8));

    private static uint CauseOf(in SipUriView uri) =>
        uri.Parameters.TryGet("cause"u8, out var text) && SipText.TryReadNumber(text, 699, out var cause) ? cause : 0;

    // headers = "Reason=SIP%3Bcause%3D486%3Btext%3D…", as escaped as its writer likes
    private static uint EmbeddedCauseOf(ReadOnlySpan<byte> headers)
    {
        var reason = headers.IndexOf("Reason="u8);
        if (reason < 0) return 0;
        var rest = headers[reason..];
        var name = rest.IndexOf("cause"u8);
        if (name < 0) return 0;
        rest = rest[(name + 5)..];
        var isEscaped = rest.StartsWith("%3D"u8) || rest.StartsWith("%3d"u8);
        if (!isEscaped && !rest.StartsWith("="u8)) return 0;
        rest = rest[(isEscaped ? 3 : 1)..];
        return rest.Length >= 3 && SipText.TryReadNumber(rest[..3], 699, out var cause) ? cause : 0;
    }
}
