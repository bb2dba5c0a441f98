using CallTracker.Calls.Routing;
using CallTracker.Media.Recording;

namespace CallTracker.Calls.Recording;

/// <summary>What somebody asks of the recording of a call that is up. Immutable.</summary>
/// <param name="Mark">Pause, Resume or Consent.</param>
/// <param name="Owns">True for the routes whose calls are the asker's.</param>
public sealed record RecordingWish(RecordingEntryKind Mark, Func<Route, bool> Owns);
