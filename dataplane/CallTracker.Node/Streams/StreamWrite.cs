using CallTracker.Core.Net;

namespace CallTracker.Node.Streams;

/// <summary>One message that waits to be written on a connection.</summary>
/// <param name="Buffer">From the shared pool; whoever takes the message gives it back.</param>
/// <param name="Length">Bytes of it.</param>
/// <param name="Remote">Where the message is meant to go, which may differ from the connection's peer in port.</param>
/// <param name="Worker">Who hears of a failure; -1: nobody.</param>
/// <param name="IsRetry">It was undelivered once.</param>
internal readonly record struct StreamWrite(byte[] Buffer, int Length, IpEndpoint Remote, int Worker, bool IsRetry)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}
