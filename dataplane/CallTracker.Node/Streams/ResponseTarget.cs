using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// Where a response goes when the connection of its request is gone: to the source's address, at the port that the top
/// Via names, or the transport's own (RFC 3261 section 18.2.2). Stateless.
/// </summary>
internal static class ResponseTarget
{
    private const ushort SipPort = 5060;
    private const ushort SipsPort = 5061;

    public static bool IsResponse(ReadOnlySpan<byte> message) => message.StartsWith("SIP/2.0 "u8);

    /// <param name="response">As it would be sent.</param>
    /// <param name="source">Where its request came from.</param>
    /// <param name="kind">TCP or TLS.</param>
    public static IpEndpoint Of(ReadOnlySpan<byte> response, in IpEndpoint source, SipTransportKind kind)
    {
        var view = new SipMessage();
        if (view.Parse(response.ToArray(), 0, response.Length) != SipParseResult.Ok) return default;
        var port = view.TopVia.SentByPort;
        if (port == 0) port = kind == SipTransportKind.Tls ? SipsPort : SipPort;
        return source.WithPort(port);
    }
}
