using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Keeps the last message in <see cref="QuietSide"/>.</summary>
internal readonly struct QuietTransport(QuietSide side) : ISipTransport
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        side.Keep(message);
        return true;
    }
}
