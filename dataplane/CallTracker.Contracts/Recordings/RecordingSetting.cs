using System.Text.Json.Serialization;

namespace CallTracker.Contracts.Recordings;

/// <summary>Whose voice is recorded in a number's calls (通話録音). The values lie in journals and never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordingSetting>))]
public enum RecordingSetting : byte
{
    [JsonStringEnumMemberName("off")] Off = 0,
    [JsonStringEnumMemberName("caller")] Caller = 1,
    [JsonStringEnumMemberName("callee")] Callee = 2,
    /// <summary>Stereo: the caller left, the callee right.</summary>
    [JsonStringEnumMemberName("both")] Both = 3,
    /// <summary>On a record only: it was to be recorded and could not be begun.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 4,
}
