using System.Text.Json.Serialization;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.Contracts.Tracing;

namespace CallTracker.Contracts;

/// <summary>The JSON form (snake_case) of what both planes keep in Redis. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RouteRecord))]
[JsonSerializable(typeof(TrunkRecord))]
[JsonSerializable(typeof(TraceRequestRecord))]
[JsonSerializable(typeof(RecordingOrderRecord))]
[JsonSerializable(typeof(RecordingAnswerRecord))]
public sealed partial class ContractJson : JsonSerializerContext;
