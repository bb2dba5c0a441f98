namespace CallTracker.EndToEnd.Tests.Ringback;

/// <summary>One RTP packet as it came. Immutable.</summary>
/// <param name="AtMs">When, by the ear's own watch.</param>
/// <param name="Type">Payload type.</param>
/// <param name="Marker">The marker bit.</param>
/// <param name="Sequence">Sequence number.</param>
/// <param name="Timestamp">RTP timestamp.</param>
/// <param name="Ssrc">The source.</param>
/// <param name="Payload">The sound.</param>
internal sealed record RtpHeard(
    long AtMs, int Type, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc, byte[] Payload);
