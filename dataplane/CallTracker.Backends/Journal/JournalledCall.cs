using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;
using MediaFigures = CallTracker.Contracts.Calls.MediaFigures;
using QualityFigures = CallTracker.Contracts.Calls.QualityFigures;

namespace CallTracker.Backends.Journal;

/// <summary>
/// An entry read back: what was known of a call when it was written. Made by the shipper and by recovery.
/// </summary>
public sealed class JournalledCall
{
    public required JournalEntryKind Kind { get; init; }
    public required string TrnId { get; init; }
    public byte Flags { get; init; }
    /// <summary>The caller's kind, and what was recorded.</summary>
    public byte CallerByte { get; init; }
    public bool Recovered => (Flags & CallFactsWriter.RecoveredFlag) != 0;
    public StirVerdict Stir => StirVerdict.Unpack(Flags >> CallFactsWriter.StirShift);
    public TerminalKind CallerKind => (TerminalKind)(CallerByte & ((1 << CallFactsWriter.RecordingShift) - 1));
    public CallRecording Recording => (CallRecording)(CallerByte >> CallFactsWriter.RecordingShift);
    public CallOutcome Outcome { get; init; }
    public CallParty EndedBy { get; init; }
    public EndReason Reason { get; init; }
    public ushort SipCode { get; init; }
    public long DinMs { get; init; }
    public long FwdMs { get; init; }
    public long TstMs { get; init; }
    public long EocMs { get; init; }
    public ulong CallerKey { get; init; }
    public string SealedCaller { get; init; } = "";
    public string Called { get; init; } = "";
    public ulong RouteVersion { get; init; }
    public string OperatorId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientName { get; init; } = "";
    public string DialinId { get; init; } = "";
    public string DialinName { get; init; } = "";
    public string TrunkIn { get; init; } = "";
    public MediaFigures InboundMedia { get; private set; }
    public MediaFigures OutboundMedia { get; private set; }
    public IReadOnlyList<CallAttempt> Attempts { get; init; } = [];
    public MediaFault MediaFault { get; private set; }
    public MediaMode MediaMode { get; private set; }

    /// <summary>Reads a payload; null when it is none that this build knows.</summary>
    internal static JournalledCall? TryRead(JournalEntryKind kind, ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var layout = reader.UInt8();
        if (layout is < CallFactsWriter.FirstLayout or > CallFactsWriter.Layout) return null;
        // The initialisers below run in the order in which CallFactsWriter wrote the fields.
        var call = new JournalledCall
        {
            Kind = kind,
            TrnId = Encoding.ASCII.GetString(reader.Take(CallFacts.TrnIdLength)),
            Flags = reader.UInt8(),
            CallerByte = reader.UInt8(),
            Outcome = (CallOutcome)reader.UInt8(),
            EndedBy = (CallParty)reader.UInt8(),
            Reason = (EndReason)reader.UInt8(),
            SipCode = reader.UInt16(),
            DinMs = reader.Int64(),
            FwdMs = reader.Int64(),
            TstMs = reader.Int64(),
            EocMs = reader.Int64(),
            CallerKey = reader.UInt64(),
            SealedCaller = reader.Text(),
            Called = reader.Number(),
            RouteVersion = reader.UInt64(),
            OperatorId = reader.Text(),
            ClientId = reader.Text(),
            ClientName = reader.Text(),
            DialinId = reader.Text(),
            DialinName = reader.Text(),
            TrunkIn = reader.Text(),
            InboundMedia = ReadMedia(ref reader),
            OutboundMedia = ReadMedia(ref reader),
            Attempts = ReadAttempts(ref reader),
        };
        if (layout > CallFactsWriter.FirstLayout) call.TakeQuality(ref reader);
        return reader.IsSound ? call : null;
    }

    // What layout 2 has after the attempts.
    private void TakeQuality(ref PayloadReader reader)
    {
        InboundMedia = InboundMedia with { Quality = ReadQuality(ref reader) };
        OutboundMedia = OutboundMedia with { Quality = ReadQuality(ref reader) };
        var last = reader.UInt8();
        MediaFault = (MediaFault)(last & ((1 << CallFactsWriter.MediaModeShift) - 1));
        MediaMode = (MediaMode)(last >> CallFactsWriter.MediaModeShift);
    }

    private static QualityFigures ReadQuality(ref PayloadReader reader) => new(
        reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32(),
        (int)reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt16());

    private static MediaFigures ReadMedia(ref PayloadReader reader) => new(
        reader.UInt64(), reader.UInt64(), reader.UInt64(), reader.UInt32(), reader.UInt64(), reader.UInt64(),
        QualityFigures.None);

    private static CallAttempt[] ReadAttempts(ref PayloadReader reader)
    {
        var attempts = new CallAttempt[Math.Min((int)reader.UInt8(), CallFacts.AttemptsMax)];
        for (var i = 0; i < attempts.Length; i++)
        {
            var target = reader.Number();
            var code = reader.UInt16();
            attempts[i] = new CallAttempt(target, code, reader.UInt32(), reader.Text());
        }
        return attempts;
    }
}
