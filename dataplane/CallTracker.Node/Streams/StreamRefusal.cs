using System.Security.Cryptography;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Writing;

namespace CallTracker.Node.Streams;

/// <summary>
/// The answer to a request that ends its connection: written from the head alone, without a transaction. Stateless.
/// </summary>
internal static class StreamRefusal
{
    private const int ResponseBytesMax = 32 * 1024;

    /// <summary>Queues the refusal where the head says enough to be answered.</summary>
    public static void Queue(StreamConnection connection, byte[] buffer, int offset, int headLength, int code)
    {
        var request = new SipMessage();
        request.Parse(buffer, offset, headLength);
        if (!request.CanAnswer) return;
        var tokens = new SipTokens(0, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var writer = new SipWriter(new byte[ResponseBytesMax]);
        Span<byte> tag = stackalloc byte[SipTokens.TagLength];
        writer.WriteRefusal(request, code, tokens.WriteTag(tag), connection.Remote);
        if (writer.Overflowed) return;
        connection.Queue(writer.Written, connection.Remote, worker: -1, isRetry: true);
    }
}
