namespace CallTracker.Media.Jitter;

/// <summary>
/// What <see cref="JitterBuffer.Take"/> gave: a packet, or the place of a lost one. Its payload lies in the buffer and
/// is good until the next packet is put.
/// </summary>
/// <param name="payload">Empty for a lost one.</param>
/// <param name="timestamp">Of a lost one estimated, from its neighbours.</param>
/// <param name="step">Timestamp since the packet or loss before; 0 for a stream's first.</param>
/// <param name="sequence">Sequence number.</param>
/// <param name="payloadType">Payload type; 0 for a lost one.</param>
/// <param name="marker">The marker bit.</param>
public readonly ref struct JitterFrame(
    ReadOnlySpan<byte> payload, uint timestamp, uint step, ushort sequence, byte payloadType, bool marker)
{
    public ReadOnlySpan<byte> Payload { get; } = payload;

    public uint Timestamp { get; } = timestamp;

    public uint Step { get; } = step;

    public ushort Sequence { get; } = sequence;

    public byte PayloadType { get; } = payloadType;

    public bool Marker { get; } = marker;
}
