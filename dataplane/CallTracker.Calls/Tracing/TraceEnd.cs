using System.Buffers.Binary;
using CallTracker.Calls.Model;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// What the end of a call says in a <see cref="TraceRing"/>: all that the choice of traced calls needs, at fixed
/// places. Its start says the same, but for outcome, reason and end. Stateless.
/// </summary>
public static class TraceEnd
{
    public const int OutcomeAt = CallFacts.TrnIdLength;
    public const int ReasonAt = OutcomeAt + 1;
    /// <summary>End of the call: Unix milliseconds, little-endian.</summary>
    public const int EndedMsAt = ReasonAt + 1;
    public const int CalledAt = EndedMsAt + 8;
    public const int CallerAt = CalledAt + NumberLength;
    public const int OperatorAt = CallerAt + NumberLength;
    public const int Length = OperatorAt + 1 + OperatorLengthMax;
    /// <summary>A length byte, then the digits.</summary>
    public const int NumberLength = 1 + PhoneNumber.DigitsMax;
    /// <summary>The longest operator id, in characters; they are ASCII.</summary>
    public const int OperatorLengthMax = 64;

    /// <param name="facts">The ended call.</param>
    /// <param name="destination">Takes <see cref="Length"/> bytes.</param>
    public static void Write(CallFacts facts, Span<byte> destination)
    {
        facts.TrnId.CopyTo(destination);
        destination[OutcomeAt] = (byte)facts.Outcome;
        destination[ReasonAt] = (byte)facts.Reason;
        BinaryPrimitives.WriteInt64LittleEndian(destination[EndedMsAt..], facts.EocUnixMs);
        WriteNumber(facts.Called, destination[CalledAt..]);
        WriteNumber(facts.Caller, destination[CallerAt..]);
        // The owner of the record: a call to a number without a route belongs to whose trunk brought it.
        WriteText(facts.Route?.OperatorId ?? facts.InboundTrunk?.OperatorId, destination[OperatorAt..]);
    }

    private static void WriteNumber(PhoneNumber number, Span<byte> destination) =>
        destination[0] = (byte)number.CopyTo(destination[1..]);

    private static void WriteText(string? text, Span<byte> destination)
    {
        var length = Math.Min(text?.Length ?? 0, OperatorLengthMax);
        destination[0] = (byte)length;
        for (var i = 0; i < length; i++) destination[1 + i] = (byte)text![i];
    }
}
