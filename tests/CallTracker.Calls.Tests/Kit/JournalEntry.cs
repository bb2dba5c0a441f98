using CallTracker.Calls.Model;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>A copy of a call's facts at the time of a journal entry.</summary>
internal sealed record JournalEntry(
    string Kind, string TrnId, string Called, string Caller, CallOutcome Outcome, CallParty EndedBy, EndReason Reason,
    int SipCode, long DinMs, long FwdMs, long TstMs, long EocMs, bool Withheld, bool Payphone, string[] Attempts,
    string TrunkIn, MediaFigures InboundMedia, MediaFigures OutboundMedia,
    CallTracker.Calls.Stir.StirVerdict Stir, MediaFault MediaFault, CallRecording Recording,
    MediaMode MediaMode);
