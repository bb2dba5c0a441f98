namespace CallTracker.Simulation.Tests.World;

/// <summary>What passed between the engine and one dialog's agent, seen on the engine's side of the wire.</summary>
internal sealed class CallTrace
{
    public required string CallId { get; init; }

    /// <summary>The agent whose dialog it is.</summary>
    public required int Node { get; init; }

    /// <summary>True for a caller's dialog.</summary>
    public bool IsInbound { get; init; }

    /// <summary>Caller's number in From.</summary>
    public string Caller { get; init; } = "";

    /// <summary>CSeq number of the INVITE that opens the dialog; it grows when that is sent again (422).</summary>
    public int OpeningCSeq { get; set; }

    /// <summary>The engine said 100 to the INVITE that opens the dialog.</summary>
    public bool WasTried { get; set; }

    /// <summary>The final status the engine gave that INVITE; 0 for none.</summary>
    public int FinalSent { get; set; }

    /// <summary>When that went out first; Unix time.</summary>
    public long FinalSentMs { get; set; }

    /// <summary>When a 2xx to the engine's INVITE first arrived there; 0 for never. Unix time.</summary>
    public long AnswerArrivedMs { get; set; }

    /// <summary>The To tag of that 2xx.</summary>
    public string AnswerTag { get; set; } = "";

    /// <summary>When a BYE of the dialog's peer first arrived at the engine, by its tag. Unix time.</summary>
    public Dictionary<string, long> ByeArrivedMs { get; } = [];

    /// <summary>The engine sent a BYE in it.</summary>
    public bool HasByeSent { get; set; }
}
