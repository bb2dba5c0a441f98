using System.Text.Json.Serialization;

namespace CallTracker.LoadTests.FastPath;

/// <summary>What nsload found; the names are those of its JSON.</summary>
internal sealed record NamespaceResult
{
    [JsonPropertyName("sent")]
    public long Sent { get; init; }

    [JsonPropertyName("received")]
    public long Received { get; init; }

    [JsonPropertyName("misrouted")]
    public long Misrouted { get; init; }

    [JsonPropertyName("silent_streams")]
    public int SilentStreams { get; init; }

    [JsonPropertyName("lat_p50_us")]
    public double LatencyMedianUs { get; init; }

    [JsonPropertyName("lat_p99_us")]
    public double Latency99Us { get; init; }

    /// <summary>CPU of the whole machine per packet received.</summary>
    [JsonPropertyName("busy_us_per_pkt")]
    public double BusyUs { get; init; }

    /// <summary>Processors that others kept busy just before: figures hold only where this is nearly none.</summary>
    [JsonPropertyName("foreign_processors")]
    public double ForeignProcessors { get; init; }
}
