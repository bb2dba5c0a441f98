using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;

namespace CallTracker.Calls.Steps;

/// <summary>Prepares the caller's offer for the destinations, with our media address in it.</summary>
internal static class OfferIn
{
    /// <summary>
    /// 0 when it is ready (or the destination is to make the offer), else the status that refuses it.
    /// </summary>
    public static ushort Prepare(CallEngine engine, Call call)
    {
        if (call.IsLateOffer) return 0;
        call.Invite.Open(engine.StoredView);
        var offer = call.CallersAnswer.Bytes;
        if (offer.IsEmpty) offer = engine.StoredView.Body;
        if (!SdpCarrier.TryCarryFirstOffer(engine, call, offer, out var body)) return 488;
        return call.Offer.TryKeep(engine.Buffers, body) ? (ushort)0 : (ushort)503;
    }
}
