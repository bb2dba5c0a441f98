using System.Buffers;
using CallTracker.Calls.Tracing;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Tracing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Takes the messages of a chosen call out of its ring: in order, masked, sealed, as rows of a batch that goes to the
/// shipper when it is full or its first row has waited long enough, since few large inserts are what ClickHouse wants.
/// Owned by the collector's task.
/// </summary>
internal sealed class LadderKeeper(
    TraceSettings settings, TraceCipher cipher, TraceShipper shipper, IClock clock, TraceCounters counters)
{
    private const int MissingMax = ushort.MaxValue;
    private readonly List<(long Position, byte Attempt)> _places = [];
    private readonly List<(long Position, byte Attempt, TraceEntry Entry, byte[] Message)> _messages = [];
    private ArrayBufferWriter<byte> _rows = new();
    private int _rowCount;
    private long _firstRowMs;

    /// <summary>Keeps what is new of a call since the last time.</summary>
    public void Keep(TraceRing ring, TracedCall call)
    {
        var missing = CollectPlaces(call) + ReadMessages(ring, settings.MessagesPerCallMax - call.KeptCount);
        counters.Missing += missing;
        foreach (var (position, attempt, entry, message) in _messages)
        {
            Write(call, position, attempt, entry, message, Math.Min(missing, MissingMax));
            if (_rows.WrittenCount >= settings.BatchBytesMax) Flush();
        }
        call.KeptCount += _messages.Count;
        if (_places.Count > 0) call.KeptThrough = _places[^1].Position;
    }

    /// <summary>Hands what was collected to the shipper when it is time.</summary>
    public void FlushIfDue()
    {
        if (_rowCount > 0 && clock.NowMs - _firstRowMs >= settings.FlushMs) Flush();
    }

    /// <summary>Hands what was collected to the shipper.</summary>
    public void Flush()
    {
        if (_rowCount == 0) return;
        shipper.Add(new TraceBatch(_rows.WrittenMemory, _rowCount));
        (_rows, _rowCount) = (new ArrayBufferWriter<byte>(), 0);
    }

    // How many were let go before anybody asked for them.
    private int CollectPlaces(TracedCall call)
    {
        _places.Clear();
        var dropped = 0;
        foreach (var conversation in call.Conversations)
        {
            dropped += conversation.TakeDropped();
            foreach (var position in conversation.Positions)
            {
                if (position > call.KeptThrough) _places.Add((position, conversation.Attempt));
            }
        }
        _places.Sort();
        return dropped;
    }

    // How many could not be read any more, or were too many.
    private int ReadMessages(TraceRing ring, int countMax)
    {
        _messages.Clear();
        foreach (var (place, attempt) in _places)
        {
            if (_messages.Count >= countMax) break;
            var position = place;
            if (!ring.TryReadHeader(ref position, out var entry) || entry.Length is < 0 or > SipMessage.LengthMax)
                continue;
            var message = new byte[entry.Length];
            if (ring.TryReadPayload(position, entry, message)) _messages.Add((position, attempt, entry, message));
        }
        return _places.Count - _messages.Count;
    }

    private void Write(
        TracedCall call, long position, byte attempt, in TraceEntry entry, byte[] message, int missing)
    {
        if (_rowCount == 0) _firstRowMs = clock.NowMs;
        SecretMask.Apply(message);
        var (method, status) = SipHeadline.Read(message);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(clock.UnixMs).AddDays(settings.RetentionDays);
        SipMessageTable.Write(new RowBinaryWriter(_rows), new SipMessageRecord
        {
            TrnId = call.TrnId,
            OperatorId = call.OperatorId,
            NodeId = settings.NodeId,
            Sequence = (ulong)position,
            UnixUs = entry.UnixUs,
            IsSent = entry.Direction == TraceDirection.Sent,
            Attempt = attempt,
            Transport = NameOf(entry.Transport),
            Local = entry.Local.ToString(),
            Remote = entry.Remote.ToString(),
            Method = method,
            Status = status,
            Cause = call.Cause,
            Missing = (ushort)missing,
            Sealed = cipher.Seal(call.TrnId, message),
            ExpiresSec = (uint)expires.ToUnixTimeSeconds(),
        });
        _rowCount++;
    }

    private static string NameOf(SipTransportKind transport) => transport switch
    {
        SipTransportKind.Udp => "udp",
        SipTransportKind.Tcp => "tcp",
        SipTransportKind.Tls => "tls",
        _ => "",
    };
}
