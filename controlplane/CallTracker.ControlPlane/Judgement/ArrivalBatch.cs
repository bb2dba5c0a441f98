namespace CallTracker.ControlPlane.Judgement;

/// <summary>A piece of the order of arrival that is judged in one go.</summary>
/// <param name="FromMs">Calls that arrived after this moment…</param>
/// <param name="ToMs">…up to and including this one.</param>
/// <param name="Count">New calls in it.</param>
/// <param name="OldestMs">When the first of them arrived.</param>
internal sealed record ArrivalBatch(long FromMs, long ToMs, long Count, long OldestMs);
