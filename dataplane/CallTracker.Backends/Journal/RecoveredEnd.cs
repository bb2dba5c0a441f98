using System.Buffers.Binary;
using CallTracker.Calls.Model;

namespace CallTracker.Backends.Journal;

/// <summary>
/// Makes the End entry of a call that its node did not live to end: the last entry's payload with the end patched in.
/// Stateless; used by recovery.
/// </summary>
internal static class RecoveredEnd
{
    private const int FlagsAt = 1 + CallFacts.TrnIdLength;
    private const int OutcomeAt = FlagsAt + 2;
    private const int EndedByAt = FlagsAt + 3;
    private const int ReasonAt = FlagsAt + 4;
    private const int SipCodeAt = FlagsAt + 5;
    private const int TstAt = SipCodeAt + 2 + 16;
    private const int EocAt = TstAt + 8;

    /// <summary>
    /// Closes the call at <paramref name="eocMs"/>; the payload must be one that this build could read.
    /// </summary>
    public static byte[] From(ReadOnlySpan<byte> lastPayload, long eocMs)
    {
        var payload = lastPayload.ToArray();
        var isAnswered = BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(TstAt)) != 0;
        payload[FlagsAt] |= CallFactsWriter.RecoveredFlag;
        // Whoever waited for an answer when the node died was cut off: an incomplete call.
        payload[OutcomeAt] = (byte)(isAnswered ? CallOutcome.Answered : CallOutcome.CallerGaveUp);
        payload[EndedByAt] = (byte)CallParty.System;
        payload[ReasonAt] = (byte)EndReason.NodeRestart;
        if (isAnswered) BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(SipCodeAt), 200);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(EocAt), eocMs);
        return payload;
    }
}
