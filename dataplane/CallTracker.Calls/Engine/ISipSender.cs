using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>The worker's way out to the wire; implemented by the node over its sockets. Worker thread only.</summary>
public interface ISipSender
{
    /// <summary>Sends one message; false when the transport failed.</summary>
    bool Send(in SipFlow flow, ReadOnlySpan<byte> message);

    /// <summary>
    /// Sends one message that nobody here waits for, in this turn of the worker: it may go together with others of its
    /// length to its peer. What fails is counted.
    /// </summary>
    void SendSoon(in SipFlow flow, ReadOnlySpan<byte> message) => Send(flow, message);
}
