using CallTracker.Calls.Digits;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Core.Memory;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>
/// One side of a call: a dialog with its own tags, CSeq and transactions. Pooled with its call, owned by its worker.
/// The inbound leg faces the caller, the outbound leg the destination.
/// </summary>
internal sealed class CallLeg(MediaSide side)
{
    public MediaSide Side { get; } = side;

    public SipDialog Dialog { get; } = new();

    /// <summary>Where this leg's requests go.</summary>
    public SipFlow Flow { get; set; }

    /// <summary>The trunk on this side, whose credentials its requests carry; null while it is not known.</summary>
    public Trunk? Trunk { get; set; }

    /// <summary>Outbound, of a trunk that registers with us: the binding the call went to.</summary>
    public Binding? Binding { get; set; }

    /// <summary>
    /// The transaction of the INVITE that made the dialog: server on the inbound leg, client on the outbound.
    /// </summary>
    public TransactionHandle Invite { get; set; }

    /// <summary>True from the 2xx on.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>A server INVITE of this leg that got our 2xx and waits for its ACK.</summary>
    public TransactionHandle UnacknowledgedServer { get; set; }

    /// <summary>
    /// The CSeq number of that INVITE: an ACK to an earlier one that the network repeats is not its own.
    /// </summary>
    public uint UnacknowledgedCSeq { get; set; }

    /// <summary>
    /// A client INVITE of this leg whose 2xx made an offer: our ACK waits for the answer in the other leg's ACK (RFC
    /// 3264
    /// section 5, RFC 3261 section 13.2.1).
    /// </summary>
    public TransactionHandle UnacknowledgedClient { get; set; }

    /// <summary>What this leg's peer last said of its media.</summary>
    public PeerMedia Media { get; set; }

    /// <summary>True while its peer is played the music of the other side's trunk.</summary>
    public bool HearsMusic { get; set; }

    /// <summary>Our SRTP keys on this leg.</summary>
    public LegKeys Keys;

    /// <summary>The origin of the SDP we write to this leg.</summary>
    public SdpOrigin Origin;

    /// <summary>A re-INVITE received on this leg that is being carried to the other.</summary>
    public CarriedRequest Reinvite;

    /// <summary>Another request received on this leg that is being carried to the other.</summary>
    public CarriedRequest Request;

    /// <summary>
    /// True when the first offer has its answer on this leg: by a reliable 18x, its PRACK, or the 2xx.
    /// </summary>
    public bool IsSettled { get; set; }

    /// <summary>The peer takes UPDATE, by its last Allow.</summary>
    public bool AllowsUpdate { get; set; }

    /// <summary>Digits that the peer is to be told.</summary>
    public LegDigits Digits;

    public SessionTimer Session;

    public KeptDescription Description;

    /// <summary>Makes the leg ready for another call.</summary>
    public void Reset(BufferPool buffers)
    {
        Dialog.Reset();
        Origin = default;
        Reinvite.Clear(buffers);
        Request.Clear(buffers);
        (Flow, Invite, IsConfirmed, Media) = (default, default, false, default);
        (UnacknowledgedServer, UnacknowledgedClient) = (default, default);
        (Trunk, Binding) = (null, null);
        (IsSettled, AllowsUpdate, HearsMusic, Session) = (false, false, false, default);
        Description.Release(buffers);
        Keys.Clear();
        Digits = default;
    }
}
