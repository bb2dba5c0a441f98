using CallTracker.Calls.Engine;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Where a request inside a dialog goes: to the first Route or the Contact, where that is an address (RFC 3261 section
/// 12.2.1.1), by the transport it names; else where the dialog's INVITE came from or went to. Stateless.
/// </summary>
internal static class NextHop
{
    private const ushort SipPort = 5060;
    private const ushort SipsPort = 5061;

    /// <summary>
    /// The same for a leg's dialog. A trunk that registered is behind the address its REGISTER came from, whatever its
    /// Contact says.
    /// </summary>
    public static SipFlow Of(CallLeg leg, SipDialog dialog) =>
        leg.Trunk is { AcceptsRegistration: true } ? leg.Flow : Of(dialog, leg.Flow);

    /// <param name="dialog">With its route set and remote target.</param>
    /// <param name="leg">The flow of the dialog's INVITE.</param>
    public static SipFlow Of(SipDialog dialog, in SipFlow leg)
    {
        if (!SipUriView.TryParse(dialog.NextHopUri, out var uri)) return leg;
        var kind = KindOf(uri, leg.Kind);
        if (!uri.TryGetEndpoint(kind == SipTransportKind.Tls ? SipsPort : SipPort, out var remote)) return leg;
        // The connection of the INVITE serves the host that it leads to, whatever port that host listens on.
        var isSameHost = kind == leg.Kind && remote.SameAddress(leg.Remote);
        return new SipFlow(kind, leg.Socket, isSameHost ? leg.Connection : 0, remote);
    }

    // A leg that began in secret stays so: some peers put transport=tcp or nothing into the Contact of a TLS dialog.
    // Without a word about transport the leg's own is known to work, where RFC 3263 section 4.1 would guess UDP.
    private static SipTransportKind KindOf(in SipUriView uri, SipTransportKind leg)
    {
        if (leg == SipTransportKind.Tls || uri.Scheme == SipUriScheme.Sips) return SipTransportKind.Tls;
        if (!uri.Parameters.TryGet("transport"u8, out var name)) return leg;
        if (SipText.EqualsIgnoreCase(name, "tls"u8)) return SipTransportKind.Tls;
        if (SipText.EqualsIgnoreCase(name, "tcp"u8)) return SipTransportKind.Tcp;
        return SipText.EqualsIgnoreCase(name, "udp"u8) ? SipTransportKind.Udp : leg;
    }
}
