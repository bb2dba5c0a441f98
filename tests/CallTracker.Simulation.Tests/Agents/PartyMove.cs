namespace CallTracker.Simulation.Tests.Agents;

/// <summary>What a party may do inside an answered dialog.</summary>
internal enum PartyMove
{
    HangUp,
    Hold,
    Resume,

    /// <summary>A re-INVITE without SDP.</summary>
    LateOffer,
    Info,

    /// <summary>An UPDATE with an offer.</summary>
    Update,

    /// <summary>An UPDATE without one.</summary>
    Refresh,
    Options,

    /// <summary>A REFER, which the node refuses.</summary>
    Refer,

    /// <summary>A method that nobody knows.</summary>
    Unknown,

    /// <summary>Vanish without a word.</summary>
    Die,
}
