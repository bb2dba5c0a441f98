using System.Text.Json.Serialization;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>How the judge reads ClickHouse's JSONEachRow. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(JudgedCall))]
[JsonSerializable(typeof(NumberRow))]
internal sealed partial class JudgementJson : JsonSerializerContext;
