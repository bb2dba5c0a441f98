using CallTracker.Calls.Model;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Routes;

namespace CallTracker.Backends.Journal;

/// <summary>
/// Writes a call's facts as the payload of an entry. Every entry is complete in itself, so that the last one of a
/// call is all that recovery and shipping need. The caller's number enters sealed and hashed only. Stateless; the
/// worker's thread.
/// </summary>
internal static class CallFactsWriter
{
    /// <summary>Without what is at the end since layout 2; still read.</summary>
    public const byte FirstLayout = 1;
    public const byte Layout = 2;
    /// <summary>
    /// The longest id kept, in bytes; routes and trunks with longer ones are refused when they are read.
    /// </summary>
    public const int IdLengthMax = 64;
    /// <summary>The longest name kept, in bytes; a longer one is cut on the record.</summary>
    public const int NameLengthMax = 384;
    public const int SealedLengthMax = 128;
    public const byte RecoveredFlag = 1;
    /// <summary>The seven bits of <see cref="Calls.Stir.StirVerdict"/> lie above it.</summary>
    public const int StirShift = 1;
    /// <summary><see cref="CallRecording"/> lies above the caller's kind, in the same byte.</summary>
    public const int RecordingShift = 4;
    /// <summary><see cref="MediaMode"/> lies above the media fault, in the same byte.</summary>
    public const int MediaModeShift = 4;
    private const int NumberLengthMax = 1 + PhoneNumber.DigitsMax;
    private const int FixedLength = 1 + CallFacts.TrnIdLength + 1 + 4 + 2 + (4 * 8) + 8 + 8 + (2 * 44) + 1;
    private const int QualityLength = (9 * 4) + 2;
    private const int AttemptLengthMax = NumberLengthMax + 2 + 4 + 2 + IdLengthMax;
    public const int LengthMax = FixedLength + (2 + SealedLengthMax) + NumberLengthMax + (4 * (2 + IdLengthMax))
        + (2 * (2 + NameLengthMax)) + (CallFacts.AttemptsMax * AttemptLengthMax)
        + (2 * QualityLength) + 1;

    public static int Write(CallFacts facts, string sealedCaller, ulong callerKey, Span<byte> payload)
    {
        var writer = new PayloadWriter(payload);
        writer.UInt8(Layout);
        writer.Bytes(facts.TrnId);
        writer.UInt8((byte)(facts.Stir.Pack() << StirShift));
        writer.UInt8((byte)((int)CallerKind(facts) | ((int)facts.Recording << RecordingShift)));
        writer.UInt8((byte)facts.Outcome);
        writer.UInt8((byte)facts.EndedBy);
        writer.UInt8((byte)facts.Reason);
        writer.UInt16(facts.SipCode);
        writer.Int64(facts.DinUnixMs);
        writer.Int64(facts.FwdUnixMs);
        writer.Int64(facts.TstUnixMs);
        writer.Int64(facts.EocUnixMs);
        writer.UInt64(callerKey);
        writer.Text(sealedCaller, SealedLengthMax);
        writer.Number(facts.Called);
        WriteRoute(ref writer, facts);
        writer.Text(facts.InboundTrunk?.Id ?? "", IdLengthMax);
        WriteMedia(ref writer, facts.InboundMedia);
        WriteMedia(ref writer, facts.OutboundMedia);
        WriteAttempts(ref writer, facts);
        WriteQuality(ref writer, facts.InboundMedia.Quality);
        WriteQuality(ref writer, facts.OutboundMedia.Quality);
        writer.UInt8((byte)((int)facts.MediaFault | ((int)facts.MediaMode << MediaModeShift)));
        return writer.Length;
    }

    // A call to a number without a route still belongs to the operator whose trunk brought it.
    private static void WriteRoute(ref PayloadWriter writer, CallFacts facts)
    {
        var route = facts.Route?.Source as RouteRecord;
        writer.UInt64(route?.Version ?? 0);
        writer.Text(facts.Route?.OperatorId ?? facts.InboundTrunk?.OperatorId ?? "", IdLengthMax);
        writer.Text(route?.ClientId ?? "", IdLengthMax);
        writer.Text(route?.ClientName ?? "", NameLengthMax);
        writer.Text(route?.DialinId ?? "", IdLengthMax);
        writer.Text(route?.DialinName ?? "", NameLengthMax);
    }

    private static void WriteMedia(ref PayloadWriter writer, in MediaFigures media)
    {
        writer.UInt64(media.Packets);
        writer.UInt64(media.Bytes);
        writer.UInt64(media.Lost);
        writer.UInt32(media.JitterUs);
        writer.UInt64(media.Relayed);
        writer.UInt64(media.Dropped);
    }

    private static void WriteAttempts(ref PayloadWriter writer, CallFacts facts)
    {
        writer.UInt8((byte)facts.AttemptCount);
        foreach (ref readonly var attempt in facts.Attempts)
        {
            writer.Number(attempt.Target);
            writer.UInt16(attempt.SipCode);
            writer.UInt32(attempt.RingMs);
            writer.Text(attempt.Trunk?.Id ?? "", IdLengthMax);
        }
    }

    private static void WriteQuality(ref PayloadWriter writer, in QualityFigures quality)
    {
        writer.UInt32(quality.Reordered);
        writer.UInt32(quality.Duplicates);
        writer.UInt32(quality.JitterUsMean);
        writer.UInt32(quality.JitterUsMax);
        writer.UInt32(quality.LongGaps);
        writer.UInt32(quality.GapMsMax);
        writer.UInt32((uint)quality.FirstPacketMs);
        writer.UInt32(quality.RoundTripUs);
        writer.UInt32(quality.SilenceMs);
        writer.UInt16(quality.MosTimes100);
    }

    // Payphones and withheld callers are known from headers; the number, where there is one, decides the rest.
    private static TerminalKind CallerKind(CallFacts facts)
    {
        if (facts.CallerPayphone) return TerminalKind.Payphone;
        if (facts.CallerWithheld) return TerminalKind.Withheld;
        Span<byte> digits = stackalloc byte[PhoneNumber.DigitsMax];
        Span<char> text = stackalloc char[PhoneNumber.DigitsMax];
        var length = facts.Caller.CopyTo(digits);
        for (var i = 0; i < length; i++) text[i] = (char)digits[i];
        return NumberingPlan.Classify(text[..length]);
    }
}
