using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.Core.Memory;

/// <summary>
/// One received datagram, or one message cut out of a stream, in a pooled buffer. It belongs to one thread at a time:
/// the receiver, then, when handed over through a mailbox, the worker that owns its call; whoever has it last returns
/// it to <see cref="Owner"/>.
/// </summary>
public sealed class Datagram
{
    internal Datagram(DatagramPool owner, byte[] buffer, int offset, int capacity)
    {
        Owner = owner;
        Buffer = buffer;
        Offset = offset;
        Capacity = capacity;
    }

    public DatagramPool Owner { get; }

    /// <summary>The pool's pinned slab; this datagram's bytes are at <see cref="Offset"/>.</summary>
    public byte[] Buffer { get; }

    public int Offset { get; }

    public int Capacity { get; }

    public int Length { get; set; }

    public IpEndpoint Source { get; set; }

    public ReceivedAt At { get; set; }

    /// <summary>The kernel's receive timestamp, nanoseconds since 1970; 0 where there is none.</summary>
    public long KernelNs { get; set; }

    /// <summary>The transport in the owner's own numbering; 0 is UDP.</summary>
    public byte Transport { get; set; }

    /// <summary>The owner's number of the connection it came by; 0 for UDP.</summary>
    public uint Connection { get; set; }

    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(Offset, Length);
}
