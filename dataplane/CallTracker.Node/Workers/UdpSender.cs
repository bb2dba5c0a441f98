using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>Sends SIP from the worker's UDP socket. Worker thread only.</summary>
internal sealed class UdpSender(int descriptor) : ISipSender
{
    /// <summary>Messages the kernel had no room for; for the peer they are lost, and repeated.</summary>
    public long Congested { get; private set; }

    /// <summary>Messages that could not be sent at all.</summary>
    public long Failed { get; private set; }

    public long Sent { get; private set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        var result = UdpSocket.SendTo(descriptor, message, flow.Remote);
        if (result >= 0)
        {
            Sent++;
            return true;
        }
        if (result == UdpSocket.WouldBlock)
        {
            Congested++;
            return true;
        }
        Failed++;
        return false;
    }
}
