using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>The transport parameter of the SIP URIs we write; UDP is what goes without saying. Stateless.</summary>
internal static class TransportParameter
{
    // transport-param = "transport=" ( "udp" / "tcp" / "sctp" / "tls" / other-transport )
    public static void Write(ref SipWriter writer, SipTransportKind kind)
    {
        if (kind == SipTransportKind.Tcp) writer.Raw(";transport=tcp"u8);
        if (kind == SipTransportKind.Tls) writer.Raw(";transport=tls"u8);
    }
}
