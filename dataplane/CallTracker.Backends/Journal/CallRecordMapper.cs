using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Journal;

/// <summary>
/// Turns a journalled end of a call into the record that both planes know. Stateless; the shipper's thread.
/// </summary>
internal static class CallRecordMapper
{
    private static readonly string[] FaultNames = Array.ConvertAll(Enum.GetNames<MediaFault>(), SnakeCase);
    private static readonly string[] ReasonNames = Array.ConvertAll(Enum.GetNames<EndReason>(), SnakeCase);

    public static CallRecord ToRecord(JournalledCall call, string nodeId)
    {
        var last = call.Attempts.Count > 0 ? call.Attempts[^1] : null;
        return new CallRecord
        {
            TrnId = call.TrnId,
            NodeId = nodeId,
            OperatorId = call.OperatorId,
            DinId = call.Called,
            ClientId = call.ClientId,
            ClientName = call.ClientName,
            DialinId = call.DialinId,
            DialinName = call.DialinName,
            FwdId = last?.ForwardTo ?? "",
            ClrIdCipher = call.SealedCaller,
            CallerKey = call.CallerKey,
            DinMs = call.DinMs,
            FwdMs = call.FwdMs,
            TstMs = call.TstMs,
            EocMs = call.EocMs,
            DialStat = StatusOf(call.Outcome),
            ClrType = call.CallerKind,
            FwdType = NumberingPlan.Classify(last?.ForwardTo ?? ""),
            HupUsr = SideOf(call.EndedBy),
            SipCode = call.SipCode,
            EndReason = NameOf(call.Reason),
            // The processing id is also what both legs carry for correlation.
            CallId = call.TrnId,
            TrunkIn = call.TrunkIn,
            TrunkOut = last?.Trunk ?? "",
            RouteVersion = call.RouteVersion,
            InboundMedia = call.InboundMedia,
            OutboundMedia = call.OutboundMedia,
            Attempts = call.Attempts,
            Recovered = call.Recovered,
            Verstat = VerstatOf(call.Stir.Verstat),
            Attest = call.Stir.Attest == Attestation.None ? "" : call.Stir.Attest.ToString(),
            StirCode = call.Stir.SipCode,
            MediaFault = NameOf(call.MediaFault),
            MediaMode = NameOf(call.MediaMode),
            Recording = (RecordingSetting)call.Recording,
        };
    }

    public static DialStatus StatusOf(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Answered => DialStatus.Normal,
        CallOutcome.Busy => DialStatus.Busy,
        CallOutcome.NoAnswer => DialStatus.NoAnswer,
        CallOutcome.Unresponsive => DialStatus.Unresponsive,
        CallOutcome.CallerGaveUp => DialStatus.Incomplete,
        CallOutcome.LineUnavailable => DialStatus.LineUnavailable,
        _ => DialStatus.None,
    };

    /// <summary>The words of 3GPP TS 24.229; empty where nobody asked.</summary>
    public static string VerstatOf(Verstat verstat) => verstat switch
    {
        Verstat.NoTnValidation => "No-TN-Validation",
        Verstat.Passed => "TN-Validation-Passed",
        Verstat.Failed => "TN-Validation-Failed",
        _ => "",
    };

    public static HangupSide SideOf(CallParty party) => party switch
    {
        CallParty.Caller => HangupSide.Caller,
        CallParty.Callee => HangupSide.Callee,
        CallParty.System => HangupSide.System,
        _ => HangupSide.Unknown,
    };

    /// <summary>RingTimeout becomes ring_timeout; None is empty, and so is what this build does not know.</summary>
    public static string NameOf(EndReason reason)
    {
        var isKnown = reason != EndReason.None && (int)reason < ReasonNames.Length;
        return isKnown ? ReasonNames[(int)reason] : "";
    }

    /// <summary>CallerSilent becomes caller_silent; None is empty, and so is what this build does not know.</summary>
    public static string NameOf(MediaFault fault)
    {
        var isKnown = fault != MediaFault.None && (int)fault < FaultNames.Length;
        return isKnown ? FaultNames[(int)fault] : "";
    }

    /// <summary>anchored or direct; empty where it never came to media.</summary>
    public static string NameOf(MediaMode mode) => mode switch
    {
        MediaMode.Anchored => "anchored",
        MediaMode.Direct => "direct",
        _ => "",
    };

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
