using System.Net;
using CallTracker.Calls.Access;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Node.Options;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Makes the node's connections: TCP beside UDP on the SIP port of every address, TLS on its own port where there is a
/// certificate. All ports are taken here, at start, or the node does not come up.
/// </summary>
internal static class StreamFactory
{
    /// <summary>Makes what listens; throws <see cref="OptionException"/> with one clear line.</summary>
    public static StreamHub Make(
        NodeOptions options, IClock clock, IRouteSource routes, NodeAccess access, Mailbox[] mailboxes,
        CallSpread spread, ILogger logger)
    {
        var transport = options.Transport;
        var tls = new StreamTls(transport.Tls, clock, logger);
        var hub = new StreamHub(
            transport.Streams, clock, () => routes.Trunks, access, new StreamInbox(mailboxes, spread), tls,
            transport.Binds);
        foreach (var address in transport.Binds)
        {
            hub.Listen(new IPEndPoint(address, options.SipPort), SipTransportKind.Tcp);
            if (tls.CanAccept) hub.Listen(new IPEndPoint(address, transport.SipTlsPort), SipTransportKind.Tls);
        }
        return hub;
    }
}
