using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>
/// Tells a worker's engine of the ICMP errors of its SIP socket. The kernel gives an error to any of the workers that
/// share the port: what it says of an address is shared by all of them. Worker thread only.
/// </summary>
internal static class SipErrors
{
    // Who floods us with errors does not hold up the loop; the rest is taken in the next turn.
    private const int PerTurnMax = 64;

    public static void Take(int descriptor, CallEngine engine, in ReceivedAt at)
    {
        for (var i = 0; i < PerTurnMax; i++)
        {
            if (!UdpErrorQueue.TryTake(descriptor, out var remote, out var isUnreachable)) return;
            if (isUnreachable) engine.OnUnreachable(remote, at);
        }
    }
}
