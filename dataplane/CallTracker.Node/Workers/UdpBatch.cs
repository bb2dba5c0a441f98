using CallTracker.Core.Net;

namespace CallTracker.Node.Workers;

/// <summary>Messages of one length to one peer, one behind the other. Fixed storage; worker thread only.</summary>
internal sealed class UdpBatch
{
    /// <summary>What the kernel takes at once (UDP_MAX_SEGMENTS before Linux 6.9).</summary>
    public const int CountMax = 64;
    // Below any MTU in use, and a refusal with several Via lines fits.
    private const int LengthMax = 960;
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(CountMax * LengthMax, pinned: true);

    public IpEndpoint Remote { get; private set; }

    /// <summary>Of each message.</summary>
    public int Length { get; private set; }

    public int Count { get; private set; }

    public bool IsFull => Count == CountMax;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Count * Length);

    public static bool Takes(ReadOnlySpan<byte> message) => message.Length is > 0 and <= LengthMax;

    public bool IsFor(in IpEndpoint remote, int length) => Length == length && Remote == remote;

    public void Add(in IpEndpoint remote, ReadOnlySpan<byte> message)
    {
        (Remote, Length) = (remote, message.Length);
        message.CopyTo(_bytes.AsSpan(Count * Length));
        Count++;
    }

    public void Clear() => Count = 0;
}
