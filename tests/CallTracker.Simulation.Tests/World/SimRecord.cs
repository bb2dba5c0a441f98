using CallTracker.Calls.Model;

namespace CallTracker.Simulation.Tests.World;

/// <summary>One call as the journal got it.</summary>
internal sealed class SimRecord
{
    public required string TrnId { get; init; }

    public string Caller { get; set; } = "";

    public int Starts { get; set; }

    public int Answers { get; set; }

    public int Ends { get; set; }

    public CallOutcome Outcome { get; set; }

    public CallParty EndedBy { get; set; }

    public EndReason Reason { get; set; }

    public int SipCode { get; set; }

    public long DinMs { get; set; }

    public long FwdMs { get; set; }

    public long TstMs { get; set; }

    public long EocMs { get; set; }

    /// <summary>Attempts that had a trunk.</summary>
    public int AttemptCount { get; set; }

    public override string ToString() =>
        $"{TrnId} {Caller} {Outcome} by {EndedBy} {Reason} {SipCode} din {DinMs} fwd {FwdMs} tst {TstMs} eoc {EocMs}" +
        $" attempts {AttemptCount}";
}
