using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// The reasons of forwarding in their three spellings: our outcomes, Diversion words, History-Info causes (mapped as
/// RFC 7544 section 7 does). Stateless.
/// </summary>
internal static class ForwardingReasons
{
    /// <summary>Why the next destination is tried after an attempt ended so.</summary>
    public static ForwardingReason After(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Busy => ForwardingReason.UserBusy,
        CallOutcome.NoAnswer => ForwardingReason.NoAnswer,
        _ => ForwardingReason.Unavailable,
    };

    // diversion-reason = "unknown" / "user-busy" / "no-answer" / "unavailable" / "unconditional" / … / "deflection"
    public static ReadOnlySpan<byte> WordOf(ForwardingReason reason) => reason switch
    {
        ForwardingReason.Unconditional => "unconditional"u8,
        ForwardingReason.UserBusy => "user-busy"u8,
        ForwardingReason.NoAnswer => "no-answer"u8,
        ForwardingReason.Unavailable => "unavailable"u8,
        ForwardingReason.Deflection => "deflection"u8,
        _ => "unknown"u8,
    };

    /// <summary>The reason of a Diversion value, with or without quotes; the rarer words mean unknown.</summary>
    public static ForwardingReason OfWord(ReadOnlySpan<byte> word)
    {
        if (word.Length > 1 && word[0] == '"') word = word[1..^1];
        for (var reason = ForwardingReason.Unconditional; reason <= ForwardingReason.Deflection; reason++)
        {
            if (SipText.EqualsIgnoreCase(word, WordOf(reason))) return reason;
        }
        return ForwardingReason.Unknown;
    }

    // cause-param = "cause" EQUAL 3DIGIT (RFC 4458 section 2)
    public static int CauseOf(ForwardingReason reason) => reason switch
    {
        ForwardingReason.Unconditional => 302,
        ForwardingReason.UserBusy => 486,
        ForwardingReason.NoAnswer => 408,
        ForwardingReason.Unavailable => 503,
        ForwardingReason.Deflection => 480,
        _ => 404,
    };

    public static ForwardingReason OfCause(uint cause) => cause switch
    {
        302 => ForwardingReason.Unconditional,
        486 or 600 => ForwardingReason.UserBusy,
        408 => ForwardingReason.NoAnswer,
        503 => ForwardingReason.Unavailable,
        480 or 487 => ForwardingReason.Deflection,
        _ => ForwardingReason.Unknown,
    };
}
