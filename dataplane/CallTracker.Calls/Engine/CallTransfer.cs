using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Memory;
using CallTracker.Media.Relay;

namespace CallTracker.Calls.Engine;

/// <summary>
/// A transfer that is being executed: the leg to its target beside the two that talk, until it is answered and takes
/// the outbound leg's place, or is given up. Lent to one call at a time, owned by the worker.
/// </summary>
internal sealed class CallTransfer
{
    /// <summary>Transfers one call may ask for, so that a peer cannot make us dial for ever.</summary>
    public const int PerCallMax = 10;

    /// <summary>The target's leg; the outbound one after the exchange, to be reset and lent again.</summary>
    public CallLeg Leg { get; set; } = new(MediaSide.B);

    public PhoneNumber Target { get; set; }

    public Trunk? Trunk { get; set; }

    public TrunkEndpoint? Endpoint { get; set; }

    /// <summary>The channel of the target's trunk.</summary>
    public TrunkLease Lease;

    /// <summary>Monotonic time of the target's INVITE.</summary>
    public long DialedMs { get; set; }

    /// <summary>True once anything, also 100, came from the target's trunk.</summary>
    public bool HasTrunkAnswered { get; set; }

    /// <summary>The CSeq number of the REFER: the id of its subscription (RFC 3515 section 2.4.6).</summary>
    public uint ReferCSeq { get; set; }

    /// <summary>True when whoever referred hung up without waiting: only the caller is left.</summary>
    public bool IsReferrerGone { get; set; }

    public void Reset(BufferPool buffers)
    {
        Leg.Reset(buffers);
        Lease.Release();
        (Target, Trunk, Endpoint) = (default, null, null);
        (DialedMs, HasTrunkAnswered, ReferCSeq, IsReferrerGone) = (0, false, 0, false);
    }
}
