namespace CallTracker.Core.Net;

/// <summary>
/// What a <see cref="DatagramRing"/> has to tell of one of its sockets: a datagram, an error, or a queued send that
/// failed. The bytes belong to the ring and are valid until <see cref="DatagramRing.TryEndBatch"/>.
/// </summary>
public readonly unsafe ref struct RingDatagram
{
    /// <summary>The socket's number.</summary>
    public int Number { get; init; }

    /// <summary>Bytes received, more than the buffer holds when it was cut; or a negated errno.</summary>
    public int Length { get; init; }

    /// <summary>True for a send that failed; <see cref="Length"/> says why.</summary>
    public bool IsFailedSend { get; init; }

    /// <summary>Of a failed send: the datagram's length when sending once more succeeded, else a negated
    /// errno.</summary>
    public int Resent { get; init; }

    /// <summary>Of a failed send: how long the datagram is.</summary>
    public int SentLength { get; init; }

    /// <summary>The datagram's first byte, with the ring's room behind the longest.</summary>
    public byte* Start { get; init; }

    public IpEndpoint Source { get; init; }
}
