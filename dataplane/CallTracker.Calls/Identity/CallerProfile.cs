using CallTracker.Calls.Model;

namespace CallTracker.Calls.Identity;

/// <summary>
/// What a call keeps of its caller beside the record: who it is for trusted trunks. Part of the call.
/// </summary>
internal struct CallerProfile
{
    /// <summary>The number a trusted trunk vouches for, also when it is withheld; empty when nobody does.</summary>
    public PhoneNumber Asserted;
    /// <summary>True when it was read as from a trusted trunk.</summary>
    public bool WasTrusted;
    /// <summary>True when those who forwarded the call before are not to be named outside the trust domain.</summary>
    public bool HidesHistory;
    /// <summary>True when the INVITE tells of earlier forwardings.</summary>
    public bool HasHistory;
    /// <summary>Why the call goes to the present destination.</summary>
    public ForwardingReason Reason;
}
