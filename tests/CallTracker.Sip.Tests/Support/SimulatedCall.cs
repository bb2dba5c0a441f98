using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>One call of one side in the network simulation.</summary>
internal sealed class SimulatedCall
{
    public SipDialog Dialog { get; } = new();

    /// <summary>The INVITE transaction.</summary>
    public TransactionHandle Invite { get; set; }

    /// <summary>The INVITE of the other side as text, to answer it from.</summary>
    public string Request { get; set; } = "";

    /// <summary>What this side will do: answer, refuse, or ring; for the caller: cancel or hang up.</summary>
    public int Plan { get; init; }

    public bool IsAnswered { get; set; }

    /// <summary>How the call ended, once.</summary>
    public string? Outcome { get; private set; }

    public int EndCount { get; private set; }

    public void End(string outcome)
    {
        EndCount++;
        Outcome ??= outcome;
    }
}
