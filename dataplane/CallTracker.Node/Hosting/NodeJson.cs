using System.Text.Json.Serialization;
using CallTracker.Node.Registration;

namespace CallTracker.Node.Hosting;

/// <summary>The node's JSON answers. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, bool>))]
[JsonSerializable(typeof(List<BindingRecord>))]
[JsonSerializable(typeof(QualityReport))]
[JsonSerializable(typeof(List<QualityReport>))]
internal sealed partial class NodeJson : JsonSerializerContext;
