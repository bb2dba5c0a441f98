using CallTracker.Calls.Engine;
using CallTracker.Calls.Protection;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>
/// What a worker does before it reads a datagram closely: tells admission control how long it waited, and while calls
/// are refused puts new INVITEs last in each batch and refuses those that are not taken. Worker thread only.
/// </summary>
internal sealed class OverloadGate(CallEngine engine, IClock clock, int number, CallSpread spread)
{
    private readonly Datagram[] _late = new Datagram[DatagramReceiver.BatchMax];

    /// <summary>A datagram begins to be handled; the first of a batch has waited longest.</summary>
    public void Observe(Datagram datagram, InputQueue queue) =>
        engine.Admission.Observe(clock.UnixMs - datagram.At.UnixMs, clock.NowMs, queue);

    /// <summary>
    /// Under overload, what belongs to running calls goes first. New INVITEs and CANCELs keep their order among
    /// themselves, so that no CANCEL overtakes its INVITE.
    /// </summary>
    public void Arrange(Span<Datagram> batch)
    {
        if (!engine.Admission.IsShedding) return;
        int first = 0, last = 0;
        foreach (var datagram in batch)
        {
            if (IsLate(datagram.Bytes)) _late[last++] = datagram;
            else batch[first++] = datagram;
        }
        _late.AsSpan(0, last).CopyTo(batch[first..]);
        _late.AsSpan(0, last).Clear();
    }

    /// <summary>
    /// True when nothing more is to be done here: refused, an ACK to a refusal, or the business of another worker.
    /// </summary>
    /// <param name="datagram">As received.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="isOwn">True when another worker found that it belongs here.</param>
    /// <param name="elsewhere">Whose it is, unread; this worker when it is done with.</param>
    public bool TryShed(Datagram datagram, in SipFlow flow, bool isOwn, out CallOwner elsewhere)
    {
        elsewhere = new CallOwner(number);
        // Also when nothing is refused any more: the last ones come later than the refusals.
        if (engine.TryDropAck(datagram.Bytes)) return true;
        // The time of receipt is near enough to ask by; the clock is read for what is refused alone.
        if (!engine.IsShedding(datagram.At.NowMs)) return false;
        if (!InviteGlance.TryRead(datagram.Bytes, out var invite)) return false;
        // Whether it is a repetition is known to the worker of its call alone.
        if (!isOwn) elsewhere = spread.OfInvite(MessageOwner.OfCallId(invite.CallId, spread.WorkerCount));
        if (elsewhere.First != number) return true;
        // Another worker may have its call: read closely, it goes there.
        if (elsewhere.Other >= 0) return false;
        return engine.TryShed(invite, flow, clock.UnixMs - datagram.At.UnixMs, clock.NowMs);
    }

    // Our tag in it makes it a re-INVITE.
    private static bool IsLate(ReadOnlySpan<byte> datagram) =>
        InviteGlance.IsInvite(datagram) ? datagram.IndexOf(";tag=ct"u8) < 0 : datagram.StartsWith("CANCEL "u8);
}
