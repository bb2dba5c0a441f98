namespace CallTracker.ControlPlane.Recordings;

/// <summary>What a recording came to, as read from recordings. Immutable.</summary>
internal sealed record RecordingStateRow(string State);
