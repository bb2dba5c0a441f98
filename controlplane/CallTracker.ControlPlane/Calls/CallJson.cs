using System.Text.Json.Serialization;
using CallTracker.ControlPlane.Calls.Live;

namespace CallTracker.ControlPlane.Calls;

/// <summary>How rows of the call log are read from ClickHouse's JSONEachRow. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(CallRow))]
[JsonSerializable(typeof(FeedRow))]
[JsonSerializable(typeof(PositionRow))]
internal sealed partial class CallJson : JsonSerializerContext;
