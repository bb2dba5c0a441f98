using System.Text.Json.Serialization;

namespace CallTracker.ControlPlane.Traces;

/// <summary>How traces are read from ClickHouse and shown by the API. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TraceRow))]
[JsonSerializable(typeof(EndedCallRow))]
[JsonSerializable(typeof(KeptCallRow))]
internal sealed partial class TraceJson : JsonSerializerContext;
