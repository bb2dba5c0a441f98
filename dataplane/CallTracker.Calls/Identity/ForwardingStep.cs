using CallTracker.Calls.Model;

namespace CallTracker.Calls.Identity;

/// <summary>One forwarding: whose number sent the call on, and why.</summary>
internal struct ForwardingStep
{
    public PhoneNumber Number;
    public ForwardingReason Reason;
    /// <summary>How many forwardings it stands for; at least 1.</summary>
    public byte Count;
    /// <summary>True when its number is not to be shown.</summary>
    public bool IsPrivate;
}
