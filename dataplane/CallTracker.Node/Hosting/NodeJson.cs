using System.Text.Json.Serialization;

namespace CallTracker.Node.Hosting;

/// <summary>The node's JSON answers. Generated, no reflection.</summary>
[JsonSerializable(typeof(Dictionary<string, bool>))]
internal sealed partial class NodeJson : JsonSerializerContext;
