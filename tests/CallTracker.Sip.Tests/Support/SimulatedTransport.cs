using CallTracker.Sip.Transactions;
using CallTracker.TestKit;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Sends into a <see cref="SimulatedNetwork"/> of two nodes.</summary>
internal readonly struct SimulatedTransport(SimulatedNetwork network, FakeClock clock, int number) : ISipTransport
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        network.Send(number, 1 - number, message, clock.NowMs);
        return true;
    }
}
