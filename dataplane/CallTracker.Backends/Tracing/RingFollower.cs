using System.Text;
using CallTracker.Calls.Tracing;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Reads one worker's ring behind the worker: notes where each message stands and whose it is, collects the calls that
/// ended, mirrors messages. Owned by the collector's task.
/// </summary>
internal sealed class RingFollower(TraceRing ring, TraceSettings settings, HepMirror? mirror, TraceCounters counters)
{
    private readonly byte[] _buffer = new byte[SipMessage.LengthMax];
    private long _position;

    public TraceRing Ring => ring;

    /// <summary>True when the last reading found nothing new.</summary>
    public bool WasQuiet { get; private set; }

    public ConversationTable Conversations { get; } = new(settings.ConversationsMax);

    /// <summary>
    /// Reads what is new; the calls that were dialled go into <paramref name="started"/>, those that ended into
    /// <paramref name="ended"/>.
    /// </summary>
    public void Read(List<TracedCall> started, List<TracedCall> ended)
    {
        var published = ring.Published;
        var from = _position;
        WasQuiet = published == from;
        for (var at = from; at < published;)
        {
            if (!ring.TryReadHeader(ref at, out var entry))
            {
                SkipTo(published, at);
                return;
            }
            Take(at, entry, started, ended);
            at = TraceRing.Next(at, entry);
        }
        _position = published;
        // Only now it is known whose all the messages are: a call is opened after its INVITE was noted.
        if (mirror is not null) Mirror(from, published);
        Conversations.Sweep(published - ring.Capacity);
    }

    // The worker has overtaken: the rest is lost, and reading begins anew where entries are known to begin.
    private void SkipTo(long published, long at)
    {
        counters.UnreadBytes += published - at;
        _position = published;
    }

    private void Take(long position, in TraceEntry entry, List<TracedCall> started, List<TracedCall> ended)
    {
        switch (entry.Kind)
        {
            case TraceEntryKind.Message when entry.Dialog != 0:
                Conversations.Note(entry.Dialog, position);
                break;
            case TraceEntryKind.Dialog when TryReadPayload(position, entry, out var trnId):
                Conversations.Bind(entry.Dialog, Encoding.ASCII.GetString(trnId), entry.Attempt);
                break;
            case TraceEntryKind.Start when TryReadPayload(position, entry, out var start):
                Start(EndedCall.Read(start), started);
                break;
            case TraceEntryKind.End when TryReadPayload(position, entry, out var end):
                End(EndedCall.Read(end), ended);
                break;
            default:
                break;
        }
    }

    private void Start(EndedCall start, List<TracedCall> started)
    {
        if (Conversations.FindCall(start.TrnId) is not { Start: null } call) return;
        call.Start = start;
        started.Add(call);
    }

    private void End(EndedCall end, List<TracedCall> ended)
    {
        if (Conversations.FindCall(end.TrnId) is not { End: null } call) return;
        call.End = end;
        ended.Add(call);
    }

    private void Mirror(long from, long published)
    {
        for (var at = from; at < published && ring.TryReadHeader(ref at, out var entry);)
        {
            if (entry.Kind == TraceEntryKind.Message && TryReadPayload(at, entry, out var message))
                mirror!.Send(entry, message, Conversations.Find(entry.Dialog)?.Call?.TrnId ?? "");
            at = TraceRing.Next(at, entry);
        }
    }

    private bool TryReadPayload(long position, in TraceEntry entry, out Span<byte> payload)
    {
        payload = default;
        if (entry.Length is < 0 or > SipMessage.LengthMax) return false;
        if (!ring.TryReadPayload(position, entry, _buffer)) return false;
        payload = _buffer.AsSpan(0, entry.Length);
        return true;
    }
}
