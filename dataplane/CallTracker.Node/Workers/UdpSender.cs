using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>Sends SIP from the worker's UDP sockets, one for each IP version. Worker thread only.</summary>
/// <param name="descriptor">Of the first address.</param>
/// <param name="isIpv4">The IP version of the first.</param>
/// <param name="second">Of the other IP version; negative where the node has only one.</param>
internal sealed class UdpSender(int descriptor, bool isIpv4 = true, int second = -1)
{
    /// <summary>Messages the kernel had no room for; for the peer they are lost, and repeated.</summary>
    public long Congested { get; private set; }

    /// <summary>Messages that could not be sent at all.</summary>
    public long Failed { get; private set; }

    public long Sent { get; private set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        var socket = flow.Remote.IsIpv4 == isIpv4 ? descriptor : second;
        var result = UdpSocket.SendTo(socket, message, flow.Remote);
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
