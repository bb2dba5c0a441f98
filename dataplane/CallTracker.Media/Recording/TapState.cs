namespace CallTracker.Media.Recording;

/// <summary>How a recording stands, as its worker knows it. A plain value.</summary>
/// <param name="Sides">Whose voice.</param>
/// <param name="IsPaused">Nothing is recorded at present.</param>
/// <param name="HasConsent">The parties consented.</param>
public readonly record struct TapState(RecordedSides Sides, bool IsPaused, bool HasConsent)
{
    /// <summary>How it stands after a mark.</summary>
    internal TapState With(RecordingEntryKind mark) => mark switch
    {
        RecordingEntryKind.Pause => this with { IsPaused = true },
        RecordingEntryKind.Resume => this with { IsPaused = false },
        RecordingEntryKind.Consent => this with { HasConsent = true },
        _ => this,
    };
}
