using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Writes down what is sent.</summary>
internal readonly struct RecordingTransport(LayerLog log) : ISipTransport
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (log.IsBroken || (log.RefusesReliable && flow.IsReliable)) return false;
        log.Sent.Add((log.NowMs, flow, Wire.Text(message)));
        return true;
    }
}
