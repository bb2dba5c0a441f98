using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Where the response to a request goes (RFC 3261 section 18.2.2, RFC 3581 section 4). maddr is not honoured: it would
/// let anybody point our answers at a third party. Stateless.
/// </summary>
internal static class ResponseFlow
{
    private const ushort SipPort = 5060;

    public static SipFlow Of(SipMessage request, in SipFlow flow, bool answerToSource)
    {
        if (flow.IsReliable || answerToSource) return flow;
        return Of(request.TopVia, flow);
    }

    /// <summary>Over UDP, by the request's top Via.</summary>
    public static SipFlow Of(in SipViaView via, in SipFlow flow)
    {
        if (via.HasRport) return flow;
        return flow with { Remote = flow.Remote.WithPort(via.SentByPort == 0 ? SipPort : via.SentByPort) };
    }
}
