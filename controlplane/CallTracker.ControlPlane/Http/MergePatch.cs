using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallTracker.ControlPlane.Http;

/// <summary>RFC 7396: a PATCH body laid over the resource; the outcome is validated like a PUT. Stateless.</summary>
internal static class MergePatch
{
    public static JsonElement Apply(JsonElement current, JsonElement patch)
    {
        var merged = Merge(JsonNode.Parse(current.GetRawText()), JsonNode.Parse(patch.GetRawText()));
        return JsonSerializer.SerializeToElement(merged, ApiJson.Wire.JsonNode!);
    }

    // RFC 7396 section 2, MergePatch(Target, Patch).
    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target is JsonObject given ? given : [];
        foreach (var (name, value) in changes)
        {
            if (value is null) result.Remove(name);
            else result[name] = Merge(result[name]?.DeepClone(), value);
        }
        return result;
    }
}
