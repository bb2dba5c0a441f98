using CallTracker.Calls.Engine;
using CallTracker.Node.Streams;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>
/// A worker's way out: UDP from its own sockets, TCP and TLS over the node's connections. Worker thread only.
/// </summary>
/// <param name="udp">The worker's own.</param>
/// <param name="streams">The node's.</param>
/// <param name="worker">Hears of what could not be delivered.</param>
internal sealed class FlowSender(UdpSender udp, StreamHub streams, int worker) : ISipSender
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (flow.Kind == SipTransportKind.Udp) return udp.Send(flow, message);
        return flow.IsReliable && streams.Send(flow, message, worker);
    }

    public void SendSoon(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (flow.Kind == SipTransportKind.Udp) udp.SendSoon(flow, message);
        else Send(flow, message);
    }
}
