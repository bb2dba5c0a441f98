using System.Text.Json.Serialization;

namespace CallTracker.LoadTests.Safety;

/// <summary>What spray.c did and saw; the names are those of its JSON.</summary>
internal sealed record SprayResult
{
    [JsonPropertyName("sent")]
    public long Sent { get; init; }

    [JsonPropertyName("secs")]
    public double Secs { get; init; }

    /// <summary>Packets that left a media port for anybody but the parties.</summary>
    [JsonPropertyName("leaked")]
    public long Leaked { get; init; }
}
