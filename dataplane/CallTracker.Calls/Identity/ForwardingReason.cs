namespace CallTracker.Calls.Identity;

/// <summary>Why a call was forwarded (RFC 5806 section 10; the causes are those of RFC 4458).</summary>
internal enum ForwardingReason : byte
{
    Unknown = 0,
    Unconditional,
    UserBusy,
    NoAnswer,
    Unavailable,
    Deflection,
}
