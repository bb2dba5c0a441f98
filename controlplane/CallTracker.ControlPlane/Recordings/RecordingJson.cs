using System.Text.Json.Serialization;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>How recordings are read from ClickHouse's JSONEachRow. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(RecordedCallRow))]
[JsonSerializable(typeof(RecordingStateRow))]
[JsonSerializable(typeof(ExpiredRecordingRow))]
internal sealed partial class RecordingJson : JsonSerializerContext;
