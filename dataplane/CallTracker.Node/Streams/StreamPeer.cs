using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>What connections are found by. A plain value.</summary>
/// <param name="Kind">TCP or TLS.</param>
/// <param name="Remote">The peer.</param>
internal readonly record struct StreamPeer(SipTransportKind Kind, IpEndpoint Remote);
