namespace CallTracker.Sip.Digest;

/// <summary>Quality of protection (RFC 7616 section 3.3): what the digest covers.</summary>
[Flags]
public enum DigestQop : byte
{
    /// <summary>The form of RFC 2069, without count and client nonce.</summary>
    None = 0,

    /// <summary>Method and URI.</summary>
    Auth = 1,

    /// <summary>The body too.</summary>
    AuthInt = 2,
}
