using CallTracker.Sip.Transactions;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Counts what is sent and sends nothing.</summary>
internal struct NullTransport : ISipTransport
{
    public int Sent { get; private set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        Sent++;
        return true;
    }
}
