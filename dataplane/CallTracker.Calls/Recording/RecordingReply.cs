namespace CallTracker.Calls.Recording;

/// <summary>The answer to a <see cref="RecordingWish"/>.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="IsPaused">Nothing is recorded at present.</param>
/// <param name="HasConsent">The parties consented.</param>
public readonly record struct RecordingReply(RecordingReplyKind Kind, bool IsPaused = false, bool HasConsent = false);
