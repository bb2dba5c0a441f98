using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Contracts.Calls;

/// <summary>
/// The record of one call attempt to a tracking number: one row of <c>call_records</c>. Filled once by the node's
/// backends when the call ends and never changed. Times are Unix milliseconds, UTC, of the moment a message was
/// received.
/// </summary>
public sealed class CallRecord
{
    /// <summary>処理ID: 24 alphanumeric characters, unique everywhere.</summary>
    public required string TrnId { get; init; }
    public required string NodeId { get; init; }
    public string OperatorId { get; init; } = "";
    /// <summary>
    /// Running number per operator in order of call end; 0 until the shipper has numbered the record.
    /// </summary>
    public ulong SeqNum { get; set; }
    public required string DinId { get; init; }
    public string ClientId { get; init; } = "";
    public string ClientName { get; init; } = "";
    public string DialinId { get; init; } = "";
    public string DialinName { get; init; } = "";
    /// <summary>Destination that answered, or the one tried last; empty when none was tried.</summary>
    public string FwdId { get; init; } = "";
    /// <summary>The caller's number sealed by <see cref="CallerCipher"/>; empty if withheld.</summary>
    public string ClrIdCipher { get; init; } = "";
    /// <summary>Keyed hash of the caller's number (duplicates are judged by it); 0 if withheld.</summary>
    public ulong CallerKey { get; init; }
    public long DinMs { get; init; }
    /// <summary>Start of forwarding to the destination in <see cref="FwdId"/>; 0 when none was tried.</summary>
    public long FwdMs { get; init; }
    /// <summary>Answer; 0 when not answered.</summary>
    public long TstMs { get; init; }
    public long EocMs { get; init; }
    public DialStatus DialStat { get; init; }
    public TerminalKind ClrType { get; init; }
    public TerminalKind FwdType { get; init; }
    public HangupSide HupUsr { get; init; }
    /// <summary>Final SIP status sent to the caller; 200 for an answered call, 487 after CANCEL.</summary>
    public ushort SipCode { get; init; }
    /// <summary>
    /// Machine-readable reason of the end: bye, cancel, rejected, ring_timeout, media_timeout, node_restart, drain, …
    /// </summary>
    public string EndReason { get; init; } = "";
    /// <summary>The call's correlation id, shown on both legs.</summary>
    public string CallId { get; init; } = "";
    public string TrunkIn { get; init; } = "";
    public string TrunkOut { get; init; } = "";
    /// <summary>Version (change sequence) of the route in force.</summary>
    public ulong RouteVersion { get; init; }
    public MediaFigures InboundMedia { get; init; }
    public MediaFigures OutboundMedia { get; init; }
    public IReadOnlyList<CallAttempt> Attempts { get; init; } = [];
    /// <summary>True when a restarted node closed the call from its journal.</summary>
    public bool Recovered { get; init; }

    /// <summary>
    /// TN-Validation-Passed, TN-Validation-Failed or No-TN-Validation (RFC 8224); empty where the trunk does not ask.
    /// </summary>
    public string Verstat { get; init; } = "";
    /// <summary>A, B or C of a verified PASSporT (RFC 8588); else empty.</summary>
    public string Attest { get; init; } = "";
    /// <summary>Why it is not verified: 403, 428, 436, 437 or 438 (RFC 8224 section 6.2.2); else 0.</summary>
    public ushort StirCode { get; init; }
    /// <summary>
    /// Whose media failed when <see cref="EndReason"/> is media_timeout: caller or callee, and _never_sent, _silent or
    /// _unreachable; else empty.
    /// </summary>
    public string MediaFault { get; init; } = "";
    /// <summary>What of the call was to be recorded; what became of it is a row of its own.</summary>
    public RecordingSetting Recording { get; init; }
    /// <summary>
    /// anchored when its media passed the node; direct when it went from peer to peer and nothing is known of it: all
    /// media figures are 0 then. Empty where it never came to media, and of calls of former builds.
    /// </summary>
    public string MediaMode { get; init; } = "";

    /// <summary>呼出秒数: whole seconds from the start of forwarding to answer (or to the end when unanswered).</summary>
    public uint CallingSec => FwdMs == 0 ? 0 : WholeSeconds(FwdMs, TstMs == 0 ? EocMs : TstMs);

    /// <summary>通話秒数: whole seconds of talk; 0 when not answered.</summary>
    public uint TalkingSec => TstMs == 0 ? 0 : WholeSeconds(TstMs, EocMs);

    /// <summary>接続秒数: whole seconds from arrival to end.</summary>
    public uint ConnSec => WholeSeconds(DinMs, EocMs);

    private static uint WholeSeconds(long fromMs, long toMs) => toMs <= fromMs ? 0 : (uint)((toMs - fromMs) / 1000);
}
