using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>Binds the transaction layer to the worker's <see cref="ISipSender"/>.</summary>
internal readonly struct SenderPort(ISipSender sender) : ISipTransport
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message) => sender.Send(flow, message);
}
