using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>Which status code says what was wrong with a request that the parser refused. Stateless.</summary>
public static class Refusals
{
    /// <summary>The code for a request with <see cref="SipMessage.CanAnswer"/>.</summary>
    public static int CodeOf(SipParseResult reason) => reason switch
    {
        SipParseResult.UnsupportedVersion => 505,
        SipParseResult.TooLong or SipParseResult.TooManyHeaders => 513,
        _ => 400,
    };
}
