using System.Text.Json.Serialization;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>Its generated reader.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TestRow))]
internal sealed partial class TestRowJson : JsonSerializerContext;
