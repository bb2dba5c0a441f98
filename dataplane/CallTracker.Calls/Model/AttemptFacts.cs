using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Model;

/// <summary>One try at one destination.</summary>
public struct AttemptFacts
{
    public PhoneNumber Target;
    public Trunk? Trunk;
    /// <summary>The trunk's address it was sent to; null when there was no trunk.</summary>
    public TrunkEndpoint? Endpoint;
    /// <summary>Final status from the destination; 0 when none came.</summary>
    public ushort SipCode;
    /// <summary>Milliseconds from its INVITE to its end or answer.</summary>
    public uint RingMs;
}
