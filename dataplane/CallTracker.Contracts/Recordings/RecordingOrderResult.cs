using System.Text.Json.Serialization;

namespace CallTracker.Contracts.Recordings;

/// <summary>What became of a <see cref="RecordingOrderRecord"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordingOrderResult>))]
public enum RecordingOrderResult : byte
{
    /// <summary>The call was here and is over, or is not the asker's.</summary>
    [JsonStringEnumMemberName("absent")] Absent = 0,
    [JsonStringEnumMemberName("done")] Done = 1,
    /// <summary>It was so already.</summary>
    [JsonStringEnumMemberName("unchanged")] Unchanged = 2,
    /// <summary>The call is up and nobody has answered it yet.</summary>
    [JsonStringEnumMemberName("not_answered")] NotAnswered = 3,
    /// <summary>The number's calls are not recorded.</summary>
    [JsonStringEnumMemberName("not_recorded")] NotRecorded = 4,
    /// <summary>It was to be recorded and could not be begun.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 5,
    /// <summary>The node could not take the order now; nothing has changed.</summary>
    [JsonStringEnumMemberName("busy")] Busy = 6,
}
