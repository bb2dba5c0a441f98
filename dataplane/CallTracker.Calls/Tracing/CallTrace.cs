using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// What one worker notes for its trace: every message of the engine, which call a Call-ID belongs to, and the end of
/// each call. A copy into the ring and a hash of the Call-ID each; which messages make up a call is found out by the
/// reader. Does nothing without a ring. Worker thread only.
/// </summary>
internal sealed class CallTrace(TraceRing? ring, ulong seed, CallSettings settings)
{
    private readonly SipHash _hash = new(seed);

    private static ReadOnlySpan<byte> CallIdHeader => "\r\nCall-ID: "u8;

    public void Received(SipMessage message, in SipFlow flow, in ReceivedAt at)
    {
        if (ring is null) return;
        var entry = EntryOf(flow, at, TraceDirection.Received, HashOf(message.CallId), message.Length);
        ring.Write(entry, message.Bytes);
    }

    public void Sent(in SipFlow flow, ReadOnlySpan<byte> message, in ReceivedAt at)
    {
        if (ring is null) return;
        var entry = EntryOf(flow, at, TraceDirection.Sent, HashOf(CallIdOf(message)), message.Length);
        ring.Write(entry, message);
    }

    /// <summary>A dialog of a call begins: 0 is the caller's, n that of the n-th attempt.</summary>
    public void Opened(Call call, ReadOnlySpan<byte> callId, int attempt)
    {
        if (ring is null) return;
        var entry = new TraceEntry
        {
            Kind = TraceEntryKind.Dialog,
            Dialog = HashOf(callId),
            Attempt = (byte)attempt,
            Length = CallFacts.TrnIdLength,
        };
        ring.Write(entry, call.Facts.TrnId);
        // Only with its route is it known whose the call is.
        if (attempt == 1) Note(TraceEntryKind.Start, call.Facts);
    }

    /// <summary>The call is recorded; what is still said about it follows.</summary>
    public void Ended(CallFacts facts)
    {
        if (ring is not null) Note(TraceEntryKind.End, facts);
    }

    /// <summary>The turn is over: the reader may see it.</summary>
    public void EndTurn() => ring?.Publish();

    private void Note(TraceEntryKind kind, CallFacts facts)
    {
        Span<byte> payload = stackalloc byte[TraceEnd.Length];
        payload.Clear();
        TraceEnd.Write(facts, payload);
        ring!.Write(new TraceEntry { Kind = kind, Length = payload.Length }, payload);
    }

    // The first Call-ID is the header: bodies come behind it in everything we write.
    private static ReadOnlySpan<byte> CallIdOf(ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf(CallIdHeader);
        if (at < 0) return default;
        var value = message[(at + CallIdHeader.Length)..];
        var length = value.IndexOf((byte)'\r');
        return length < 0 ? default : value[..length];
    }

    private ulong HashOf(ReadOnlySpan<byte> callId) => callId.IsEmpty ? 0 : _hash.Hash(callId);

    private TraceEntry EntryOf(
        in SipFlow flow, in ReceivedAt at, TraceDirection direction, ulong dialog, int length) => new()
        {
            Kind = TraceEntryKind.Message,
            UnixUs = at.UnixMs * 1000,
            Dialog = dialog,
            Local = settings.SipAddressOf(flow),
            Remote = flow.Remote,
            Direction = direction,
            Transport = flow.Kind,
            Length = length,
        };
}
