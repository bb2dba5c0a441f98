namespace CallTracker.Sip.Parsing;

/// <summary>The URI schemes that the product can act on; any other is answered with 416 where it matters.</summary>
public enum SipUriScheme : byte
{
    Other = 0,
    Sip,
    Sips,
    Tel,
}
