using System.Text.Json.Serialization;

namespace CallTracker.LoadTests.Product;

/// <summary>What a load test reads of one row of the call log.</summary>
internal sealed record CallRow
{
    [JsonPropertyName("trn_id")]
    public string TrnId { get; init; } = "";

    /// <summary>In clear for this key.</summary>
    [JsonPropertyName("clr_id_cipher")]
    public string Caller { get; init; } = "";

    /// <summary>"normal" when the call was answered.</summary>
    [JsonPropertyName("dial_stat")]
    public string DialStatus { get; init; } = "";

    [JsonPropertyName("talking_sec")]
    public int TalkingSec { get; init; }

    [JsonPropertyName("in_packets")]
    public long InboundPackets { get; init; }

    [JsonPropertyName("in_relayed")]
    public long InboundRelayed { get; init; }

    [JsonPropertyName("out_packets")]
    public long OutboundPackets { get; init; }

    [JsonPropertyName("out_relayed")]
    public long OutboundRelayed { get; init; }

    [JsonPropertyName("in_lost")]
    public long InboundLost { get; init; }

    [JsonPropertyName("out_lost")]
    public long OutboundLost { get; init; }

    [JsonPropertyName("in_jitter_us")]
    public long InboundJitterUs { get; init; }

    [JsonPropertyName("out_jitter_us")]
    public long OutboundJitterUs { get; init; }

    /// <summary>"anchored", or "direct" past the node.</summary>
    [JsonPropertyName("media_mode")]
    public string MediaMode { get; init; } = "";

    [JsonPropertyName("recovered")]
    public bool Recovered { get; init; }
}
