using System.Text.Json.Serialization;

namespace CallTracker.LoadTests.Media;

/// <summary>What a packet generator found; the names are those of rtpload's JSON.</summary>
internal sealed record RtpResult
{
    [JsonPropertyName("sent")]
    public long Sent { get; init; }

    [JsonPropertyName("received")]
    public long Received { get; init; }

    [JsonPropertyName("misrouted")]
    public long Misrouted { get; init; }

    /// <summary>Datagrams that the generator did not send: somebody else's, injected.</summary>
    [JsonPropertyName("bad")]
    public long Foreign { get; init; }

    [JsonPropertyName("silent_streams")]
    public int SilentStreams { get; init; }

    [JsonPropertyName("lat_p50_us")]
    public double LatencyMedianUs { get; init; }

    [JsonPropertyName("lat_p99_us")]
    public double Latency99Us { get; init; }

    /// <summary>CPU of the measured process per packet received, from its threads' schedstat.</summary>
    [JsonPropertyName("relay_us_per_pkt")]
    public double RelayUsPerPacket { get; init; }

    /// <summary>Time that the host kept from all cores of this machine meanwhile.</summary>
    [JsonPropertyName("steal_s")]
    public double StolenSec { get; init; }

    [JsonPropertyName("relay_rss_kb")]
    public long RelayRssKb { get; init; }
}
