using CallTracker.Calls.Engine;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// The tap on the way out: notes each message, then sends it, also one that the transport refuses, because a trace
/// shows what was tried. Worker thread only.
/// </summary>
internal sealed class TracedSender(CallEngine engine, ISipSender inner) : ISipSender
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        engine.Trace.Sent(flow, message, engine.Turn);
        return inner.Send(flow, message);
    }
}
