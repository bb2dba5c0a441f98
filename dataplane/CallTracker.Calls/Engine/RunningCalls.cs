using CallTracker.Calls.Recording;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;

namespace CallTracker.Calls.Engine;

/// <summary>Looks at a worker's calls in progress, one after the other or by id. The worker's thread only.</summary>
public readonly struct RunningCalls
{
    private readonly CallEngine _engine;

    internal RunningCalls(CallEngine engine) => _engine = engine;

    /// <summary>The slot of the call with this processing id; -1 when it is not up here.</summary>
    public int Find(ReadOnlySpan<byte> trnId)
    {
        for (var slot = 0; slot < _engine.Calls.Capacity; slot++)
        {
            if (_engine.Calls.At(slot) is { } call && call.Facts.TrnId.SequenceEqual(trnId)) return slot;
        }
        return -1;
    }

    /// <summary>Goes to the next answered call after a slot, -1 for the first; false when there is none.</summary>
    public bool TryNext(ref int slot)
    {
        while (++slot < _engine.Calls.Capacity)
        {
            if (_engine.Calls.At(slot) is { State: CallState.Talking }) return true;
        }
        return false;
    }

    /// <summary>What a call has measured of its media; false when the slot has none.</summary>
    /// <param name="slot">Of <see cref="Find"/> or <see cref="TryNext"/> in the same turn.</param>
    /// <param name="trnId">Room for the processing id.</param>
    /// <param name="inbound">What the caller's side sent.</param>
    /// <param name="outbound">What the destination's side sent.</param>
    /// <param name="answeredUnixMs">0 before the answer.</param>
    public bool TryRead(
        int slot, Span<byte> trnId, out MediaTotals inbound, out MediaTotals outbound, out long answeredUnixMs)
    {
        (inbound, outbound, answeredUnixMs) = (default, default, 0);
        if (_engine.Calls.At(slot) is not { } call) return false;
        call.Facts.TrnId.CopyTo(trnId);
        answeredUnixMs = call.Facts.TstUnixMs;
        return _engine.Media.TryReadTotals(call.Media, MediaSide.A, out inbound)
            && _engine.Media.TryReadTotals(call.Media, MediaSide.B, out outbound);
    }

    /// <summary>Carries out what somebody asks of a call's recording.</summary>
    /// <param name="slot">Of <see cref="Find"/> in the same turn.</param>
    /// <param name="wish">What, and of whose calls.</param>
    /// <param name="at">Now.</param>
    public RecordingReply OrderRecording(int slot, RecordingWish wish, in ReceivedAt at) =>
        slot >= 0 && _engine.Calls.At(slot) is { } call
            ? Recording.OrderRecording.Run(_engine, call, wish, at)
            : new RecordingReply(RecordingReplyKind.Absent);
}
