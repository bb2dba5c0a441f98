using System.Text.Json.Serialization;

namespace CallTracker.Contracts.Recordings;

/// <summary>What can be asked of the recording of a call that is up.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordingAction>))]
public enum RecordingAction : byte
{
    /// <summary>What an older version does not know.</summary>
    [JsonStringEnumMemberName("none")] None = 0,
    /// <summary>Nothing is recorded from now on; the time is silence in the file.</summary>
    [JsonStringEnumMemberName("pause")] Pause = 1,
    /// <summary>Recording goes on.</summary>
    [JsonStringEnumMemberName("resume")] Resume = 2,
    /// <summary>The parties consented, now.</summary>
    [JsonStringEnumMemberName("consent")] Consent = 3,
}
