namespace CallTracker.Media.Codecs;

/// <summary>
/// What a payload type of an audio stream can mean to this product: the codecs it speaks, and what goes beside them.
/// The numbers index <see cref="AudioFormats"/>.
/// </summary>
public enum AudioCodec
{
    /// <summary>Nothing, or something that is relayed and not understood.</summary>
    None,
    /// <summary>G.711 μ-law.</summary>
    Pcmu,
    /// <summary>G.711 A-law.</summary>
    Pcma,
    /// <summary>G.722 at 64 kbit/s: 16 kHz audio with an RTP clock of 8 kHz (RFC 3551 section 4.5.2).</summary>
    G722,
    /// <summary>Opus (RFC 6716, RFC 7587); there when the machine has libopus.</summary>
    Opus,
    /// <summary>Linear 16 bits, most significant byte first, one channel at 8 kHz (RFC 3551 section 4.5.11).</summary>
    L16Narrow,
    /// <summary>The same at 16 kHz.</summary>
    L16Wide,
    /// <summary>Comfort noise with a clock of 8 kHz (RFC 3389).</summary>
    ComfortNoise,
    /// <summary>telephone-event with a clock of 8 kHz (RFC 4733).</summary>
    Event8,
    /// <summary>telephone-event with a clock of 16 kHz.</summary>
    Event16,
    /// <summary>telephone-event with a clock of 48 kHz.</summary>
    Event48,
}
