namespace CallTracker.Calls.Routing;

/// <summary>Which header tells a trunk who calls.</summary>
public enum IdentityHeader : byte
{
    /// <summary>From alone.</summary>
    None = 0,
    /// <summary>P-Asserted-Identity (RFC 3325).</summary>
    Asserted = 1,
    /// <summary>P-Preferred-Identity (RFC 3325).</summary>
    Preferred = 2,
    /// <summary>Remote-Party-ID (draft-ietf-sip-privacy-04), for old exchanges.</summary>
    RemoteParty = 3,
}
