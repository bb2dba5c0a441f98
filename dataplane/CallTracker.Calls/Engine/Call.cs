using CallTracker.Calls.Identity;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Memory;
using CallTracker.Core.Time;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;

namespace CallTracker.Calls.Engine;

/// <summary>
/// One call: two legs, the treatment's progress and the facts for its record. Pooled, owned by one worker thread.
/// </summary>
internal sealed class Call
{
    /// <summary>The value of <see cref="Media"/> while no session is open.</summary>
    public const int NoMedia = -1;

    /// <summary>Index in the worker's table; fixed while the call lives.</summary>
    public int Slot { get; set; }
    public byte Generation { get; set; }
    public CallState State { get; set; }
    public CallFacts Facts { get; } = new();
    public CallLeg Inbound { get; } = new(MediaSide.A);
    public CallLeg Outbound { get; private set; } = new(MediaSide.B);

    /// <summary>The caller's INVITE, kept until its final response.</summary>
    public StoredRequest Invite;

    /// <summary>The offer as sent to destinations, with our addresses; empty when the caller made none.</summary>
    public StoredBody Offer;

    /// <summary>
    /// What the caller answered to an early offer, without directions; empty while it did not. Once the destination
    /// that made the offer has failed, this is the offer for the next one.
    /// </summary>
    public StoredBody CallersAnswer;

    /// <summary>A destination failed while the caller's answer to its offer was under way.</summary>
    public AttemptFailure Failure { get; set; }

    /// <summary>The media session, or <see cref="NoMedia"/>.</summary>
    public int Media { get; set; } = NoMedia;

    /// <summary>Whether its media goes past this node.</summary>
    public DirectPath Direct;

    /// <summary>True while the call has no media session because its media goes from peer to peer.</summary>
    public bool IsDirect => Direct.IsTaken;

    /// <summary>
    /// True when the caller's INVITE had no SDP: the destination makes the offer. False again once the caller's answer
    /// to one has become the offer for the next.
    /// </summary>
    public bool IsLateOffer { get; set; }

    /// <summary>The caller's side of reliable ringing.</summary>
    public ReliableRinging Ringing;

    /// <summary>The present attempt's early dialogs; null while there is none.</summary>
    public EarlyDialogs? Early { get; set; }

    /// <summary>
    /// True when a destination's offer in a reliable 18x waits for the caller's PRACK, which brings the answer.
    /// </summary>
    public bool HasEarlyOffer { get; set; }

    /// <summary>True when a destination has answered but the caller's 2xx waits for a PRACK.</summary>
    public bool IsAnswerHeld { get; set; }

    /// <summary>The transfer under way; null while there is none.</summary>
    public CallTransfer? Transfer { get; set; }

    /// <summary>Transfers begun.</summary>
    public byte ReferCount { get; set; }

    /// <summary>Redirections followed.</summary>
    public byte RedirectCount { get; set; }

    public byte MaxForwards { get; set; }

    /// <summary>What only trusted trunks are told of the caller.</summary>
    public CallerProfile Caller;

    /// <summary>Index of the route's target being tried.</summary>
    public int TargetIndex { get; set; }

    /// <summary>True once the present destination has rung (18x).</summary>
    public bool HasRung { get; set; }

    /// <summary>True once the caller was given SDP in a 18x: its side no longer rings by itself.</summary>
    public bool HasEarlyMedia { get; set; }

    /// <summary>How the caller can be played a tone.</summary>
    public PlayFormat RingbackFormat { get; set; }

    /// <summary>True once anything, also 100, came from the present destination.</summary>
    public bool HasTrunkAnswered { get; set; }

    /// <summary>Monotonic time of the present attempt's INVITE.</summary>
    public long DialedMs { get; set; }

    /// <summary>Index of the present target's first attempt; the ones after it went to other trunks.</summary>
    public int TargetFirstAttempt { get; set; }

    /// <summary>Monotonic time of the present target's first INVITE.</summary>
    public long TargetDialedMs { get; set; }

    /// <summary>Milliseconds that each of its attempts may ring.</summary>
    public int TargetRingMs { get; set; }

    /// <summary>Why a target could not be dialled at all.</summary>
    public EndReason DialReason { get; set; }

    /// <summary>True when the present attempt goes to an address that is believed to be down.</summary>
    public bool IsLastResort { get; set; }

    /// <summary>How long the present attempt's trunk may be silent.</summary>
    public long TrunkLimitMs { get; set; }

    /// <summary>True once the present attempt's silence was counted against its address.</summary>
    public bool IsSilenceTold { get; set; }

    /// <summary>The caller's trunk's channel.</summary>
    public TrunkLease InboundLease;

    /// <summary>The channel of the present attempt's trunk.</summary>
    public TrunkLease OutboundLease;

    /// <summary>True when the caller has heard from any destination (post-dial delay was counted).</summary>
    public bool HasPostDialDelay { get; set; }

    /// <summary>Monotonic time of the caller's INVITE.</summary>
    public long ArrivedMs { get; set; }

    /// <summary>What STIR waits for and has signed.</summary>
    public CallStir Stir;

    public TimerHandle StepTimer;
    public TimerHandle TrunkTimer;
    public TimerHandle LifeTimer;

    /// <summary>Next call that waits for the same route, or -1.</summary>
    public int NextWaiting { get; set; } = -1;

    public Trunk? Trunk => Facts.AttemptCount == 0 ? null : Facts.Attempts[^1].Trunk;

    /// <summary>The trunk whose settings hold for a leg; null before it is known.</summary>
    public Trunk? TrunkOf(CallLeg leg) =>
        leg == Inbound ? Facts.InboundTrunk : leg == Transfer?.Leg ? leg.Trunk : Trunk;

    public CallLeg OtherThan(CallLeg leg) => leg == Inbound ? Outbound : Inbound;

    /// <summary>Where the present attempt was sent; null before the first.</summary>
    public TrunkEndpoint? Endpoint => Facts.AttemptCount == 0 ? null : Facts.Attempts[^1].Endpoint;

    public CallLeg Leg(bool outbound) => outbound ? Outbound : Inbound;

    /// <summary>Puts another leg in the destination's place; the one that had it.</summary>
    public CallLeg Seat(CallLeg leg)
    {
        var former = Outbound;
        Outbound = leg;
        return former;
    }

    public CallRef Ref(TransactionRole role) => new(Slot, Generation, (byte)role);

    /// <summary>Makes the object ready for another call.</summary>
    public void Reset(BufferPool buffers)
    {
        InboundLease.Release();
        OutboundLease.Release();
        Facts.Reset();
        Inbound.Reset(buffers);
        Outbound.Reset(buffers);
        Invite.Release(buffers);
        Offer.Release(buffers);
        CallersAnswer.Release(buffers);
        Failure = default;
        Stir.Reset(buffers);
        Ringing.Release(buffers);
        Ringing = default;
        (HasEarlyOffer, IsAnswerHeld, RedirectCount, ReferCount) = (false, false, 0, 0);
        Caller = default;
        (State, Media, IsLateOffer) = (CallState.Free, NoMedia, false);
        (TargetIndex, HasRung, HasTrunkAnswered, HasPostDialDelay) = (0, false, false, false);
        (HasEarlyMedia, RingbackFormat, Direct) = (false, default, default);
        (DialedMs, ArrivedMs, NextWaiting, MaxForwards) = (0, 0, -1, 0);
        (TargetFirstAttempt, TargetDialedMs, TargetRingMs, DialReason) = (0, 0, 0, EndReason.None);
        (IsLastResort, TrunkLimitMs, IsSilenceTold) = (false, 0, false);
    }
}
