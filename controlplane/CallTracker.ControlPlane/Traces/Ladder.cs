namespace CallTracker.ControlPlane.Traces;

/// <summary>The kept messages of one call in their order. Immutable.</summary>
/// <param name="TrnId">処理ID.</param>
/// <param name="NodeId">The node that had the call.</param>
/// <param name="Cause">failed, sampled or requested.</param>
/// <param name="Missing">Messages that were overwritten before they could be kept.</param>
/// <param name="Messages">At least one.</param>
internal sealed record Ladder(
    string TrnId, string NodeId, string Cause, int Missing, IReadOnlyList<LadderMessage> Messages);
