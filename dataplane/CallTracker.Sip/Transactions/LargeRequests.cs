using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Requests too large for one UDP datagram go over TCP (RFC 3261 section 18.1.1). The Via must say so; the name of the
/// transport has three letters either way, so it is written over in place. Stateless.
/// </summary>
internal static class LargeRequests
{
    private static ReadOnlySpan<byte> Protocol => "\r\nVia: SIP/2.0/"u8;

    /// <summary>True when the request may not go over UDP as it is.</summary>
    public static bool MustSwitch(in SipFlow flow, ReadOnlySpan<byte> request, int udpBytesMax) =>
        flow.Kind == SipTransportKind.Udp && udpBytesMax > 0 && request.Length > udpBytesMax;

    /// <summary>Names another transport in the top Via of a request that our side wrote; false without one.</summary>
    public static bool TryName(Span<byte> request, SipTransportKind transport)
    {
        var at = request.IndexOf(Protocol);
        if (at < 0) return false;
        var name = transport == SipTransportKind.Tcp ? "TCP "u8 : "UDP "u8;
        var place = request[(at + Protocol.Length)..];
        if (place.Length < name.Length || place[3] != ' ') return false;
        name.CopyTo(place);
        return true;
    }
}
