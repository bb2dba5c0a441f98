namespace CallTracker.Media.Recording;

/// <summary>What an entry of a <see cref="RecordingRing"/> is.</summary>
public enum RecordingEntryKind : byte
{
    /// <summary>The rest of the ring; the next entry stands at its start.</summary>
    Padding = 0,
    /// <summary>A recording begins; the payload is a <see cref="RecordingStart"/> and the owner's label.</summary>
    Start = 1,
    /// <summary>An accepted RTP packet of one side.</summary>
    Packet = 2,
    /// <summary>What payload types mean on one side changed; the payload is an <see cref="RecordedTypes"/>.</summary>
    Formats = 3,
    /// <summary>The recording ends; the payload is how many packets of each side found no room at last.</summary>
    Stop = 4,
    /// <summary>From here on nothing is recorded.</summary>
    Pause = 5,
    /// <summary>Recording goes on.</summary>
    Resume = 6,
    /// <summary>The parties consented.</summary>
    Consent = 7,
}
