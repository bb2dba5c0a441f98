using System.Text.Json.Serialization;

namespace CallTracker.Contracts.Routes;

/// <summary>Which number the callee is shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallerDisplay>))]
public enum CallerDisplay
{
    /// <summary>The caller's number.</summary>
    [JsonStringEnumMemberName("caller")] Caller = 0,
    /// <summary>The operator's system number (03 or 050), or the tracking number when none is set.</summary>
    [JsonStringEnumMemberName("system")] System = 1,
}
