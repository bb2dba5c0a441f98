namespace CallTracker.Media.Recording;

/// <summary>What a packet holds, as far as recording cares.</summary>
public enum RecordedCodec : byte
{
    /// <summary>Nothing that can be recorded yet.</summary>
    Other = 0,
    /// <summary>G.711 μ-law, 8 kHz.</summary>
    MuLaw = 1,
    /// <summary>G.711 A-law, 8 kHz.</summary>
    ALaw = 2,
    /// <summary>Comfort noise (RFC 3389): silence.</summary>
    ComfortNoise = 3,
    /// <summary>Digits (RFC 4733): no audio, and nothing that belongs into a recording.</summary>
    Event = 4,
    /// <summary>G.722, 64 kbit/s.</summary>
    G722 = 5,
    Opus = 6,
    /// <summary>Linear, one channel, 8 kHz.</summary>
    L16Narrow = 7,
    /// <summary>Linear, one channel, 16 kHz.</summary>
    L16Wide = 8,
}
