using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Protection;

/// <summary>
/// Refuses the new calls that admission control does not take, before anything is made of them: 503 with Retry-After
/// from the bytes of the INVITE, without parsing, transaction or call. Owned by one engine, its worker's thread.
/// </summary>
/// <param name="seed">Unguessable: peers must not choose which of their calls are taken.</param>
internal sealed class InviteShedder(ulong seed)
{
    // Half a megabyte: at 2,000 refusals a second those of the last seconds are nearly all there.
    private const int RecentCount = 65_536;
    // Whose repetition may still be on its way or wait in the socket: Timer A has reached 4 s by then.
    private const int RecentMs = 8_000;
    private const int TagLength = 18;
    private readonly SipHash _hash = new(seed ^ 0x5348_4544_4445_5221);
    // The last refusals by transaction: one that comes again is answered alike and counted once.
    private readonly ulong[] _recent = new ulong[RecentCount];
    private long _refusedUntilMs = long.MinValue;

    /// <summary>Starts the tags of refusals: no tag of a leg or transaction begins so.</summary>
    private static ReadOnlySpan<byte> TagMark => "ov"u8;

    /// <summary>True while INVITEs are to be shown to <see cref="TryRefuse"/>.</summary>
    public bool IsActive(CallEngine engine, long nowMs) =>
        engine.Admission.IsShedding || nowMs < _refusedUntilMs;

    /// <summary>
    /// True when the datagram is done with: a new INVITE that was refused here. One that is known by its branch is a
    /// repetition and belongs to its transaction, whatever the share is now. One that was refused is refused again: its
    /// caller has given up, and a call made of the repetition would be nobody's. So is one that waited for T1, because
    /// its repetition waits behind it, and a worker so late catches up by refusing.
    /// </summary>
    /// <param name="engine">Whose worker owns the call.</param>
    /// <param name="invite">As received.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="waitedMs">Since the kernel received it.</param>
    /// <param name="nowMs">Monotonic time.</param>
    public bool TryRefuse(
        CallEngine engine, scoped in InviteGlance invite, in SipFlow flow, long waitedMs, long nowMs)
    {
        var key = _hash.Hash(invite.TopVia.Branch, _hash.Hash(invite.CallId));
        var isWanted = waitedMs < engine.T1Ms && engine.Admission.Admits(MarkOf(invite.CallId)) && !WasRefused(key);
        if (isWanted || engine.Sip.KnowsInvite(invite.TopVia)) return false;
        Answer(engine, invite, flow, key);
        Count(engine.Counters, key);
        _refusedUntilMs = nowMs + RecentMs;
        return true;
    }

    /// <summary>False when the call is to be refused; for INVITEs that did not come as plain datagrams.</summary>
    public bool Admits(CallEngine engine, SipMessage invite)
    {
        if (!engine.Admission.IsShedding || engine.Admission.Admits(MarkOf(invite.CallId))) return true;
        engine.Counters.InvitesShed++;
        return false;
    }

    /// <summary>The ACK to a refusal of ours, which nobody waits for. By bytes alone.</summary>
    public static bool IsAckOfRefusal(ReadOnlySpan<byte> datagram) =>
        datagram.StartsWith("ACK "u8) && datagram.IndexOf(";tag=ov"u8) >= 0;

    private static void Answer(CallEngine engine, scoped in InviteGlance invite, in SipFlow flow, ulong key)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        TagMark.CopyTo(tag);
        HexText.Write(key, tag[TagMark.Length..]);
        var writer = new SipWriter(engine.Scratch);
        // Spread, so that those who were refused together do not come back together.
        var retrySec = engine.Settings.RetryAfterSec + (int)(key % (uint)Math.Max(1, engine.Settings.RetryAfterSec));
        invite.WriteRefusal(ref writer, tag, retrySec, flow.Remote);
        if (!writer.Overflowed) engine.UntracedSender.SendSoon(invite.AnswerTo(flow), writer.Written);
    }

    private bool WasRefused(ulong key) => _recent[(int)(key % RecentCount)] == key;

    private uint MarkOf(ReadOnlySpan<byte> callId) => (uint)_hash.Hash(callId);

    private void Count(CallCounters counters, ulong key)
    {
        ref var slot = ref _recent[(int)(key % RecentCount)];
        if (slot == key) counters.InvitesShedAgain++;
        else counters.InvitesShed++;
        slot = key;
    }
}
