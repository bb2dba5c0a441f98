using CallTracker.Calls.Engine;

namespace CallTracker.Calls.Identity;

/// <summary>
/// The trunk a call came by is only certain once its number's operator is known (two operators may name the same
/// source). When that changes whether the trunk is trusted, the caller is read again from the stored INVITE. Stateless.
/// </summary>
internal static class CallerTrust
{
    public static void Settle(CallEngine engine, Call call)
    {
        var isTrusted = call.Facts.InboundTrunk is { Trusted: true };
        if (isTrusted == call.Caller.WasTrusted || call.Invite.IsEmpty) return;
        call.Invite.Open(engine.StoredView);
        CallerIdentity.Read(engine.StoredView, isTrusted, call);
    }
}
