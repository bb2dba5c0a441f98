using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Registration;

/// <summary>The REGISTER to a trunk (RFC 3261 section 10.2). Stateless.</summary>
internal static class RegisterRequest
{
    private const int UriLengthMax = 600;

    /// <summary>Writes the next REGISTER of a registration; empty when it does not fit.</summary>
    /// <param name="engine">The worker's engine.</param>
    /// <param name="registration">Its CSeq number has been moved on.</param>
    /// <param name="flow">Where it goes.</param>
    /// <param name="expiresSec">0 takes the binding back.</param>
    public static ReadOnlySpan<byte> Write(
        CallEngine engine, TrunkRegistration registration, in SipFlow flow, int expiresSec)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        Span<byte> storage = stackalloc byte[UriLengthMax];
        var trunk = registration.Trunk;
        var writer = new SipWriter(engine.Scratch);
        writer.RequestLine(SipMethod.Register, Uri(storage, trunk, default));
        writer.Via(flow.Kind, engine.Settings.SipAddressOf(flow), engine.Tokens.WriteBranch(branch));
        writer.Header(SipHeaderKind.MaxForwards, 70);
        var address = Address(storage, trunk);
        writer.HeaderWithTag(SipHeaderKind.From, address, registration.Tag);
        writer.Header(SipHeaderKind.To, address);
        writer.Header(SipHeaderKind.CallId, registration.CallId);
        writer.CSeq(registration.CSeq, "REGISTER"u8);
        WriteContact(ref writer, engine, trunk, flow);
        writer.Header(SipHeaderKind.Expires, expiresSec);
        engine.Digest.WriteForeseen(ref writer, trunk);
        writer.NoBody();
        return writer.Written;
    }

    /// <summary>True when a Contact value of a response is ours.</summary>
    public static bool IsOwn(CallEngine engine, in SipUriView contact, Trunk trunk) =>
        contact.User.SequenceEqual(trunk.Credentials!.Username)
        && contact.TryGetEndpoint(out var endpoint) && endpoint == engine.Settings.SipAddressOf(FlowTo(trunk));

    /// <summary>REGISTER goes to the first address of the trunk.</summary>
    public static SipFlow FlowTo(Trunk trunk) => trunk.Endpoints is [var first, ..]
        ? new SipFlow(first.Transport, 0, 0, first.Address)
        : new SipFlow(trunk.Transport, 0, 0, trunk.Address);

    // Contact = "Contact: <sip:" user "@" hostport [";transport=" token] ">"
    private static void WriteContact(ref SipWriter writer, CallEngine engine, Trunk trunk, in SipFlow flow)
    {
        writer.BeginHeader(SipHeaderKind.Contact);
        writer.Raw("<sip:"u8);
        writer.Raw(trunk.Credentials!.Username);
        writer.Raw("@"u8);
        writer.Endpoint(engine.Settings.SipAddressOf(flow));
        if (flow.Kind == SipTransportKind.Tcp) writer.Raw(";transport=tcp"u8);
        if (flow.Kind == SipTransportKind.Tls) writer.Raw(";transport=tls"u8);
        writer.Raw(">"u8);
        writer.LineEnd();
    }

    // name-addr = LAQUOT addr-spec RAQUOT
    private static ReadOnlySpan<byte> Address(Span<byte> storage, Trunk trunk)
    {
        Span<byte> uri = stackalloc byte[UriLengthMax];
        var writer = new SipWriter(storage);
        writer.Raw("<"u8);
        writer.Raw(Uri(uri, trunk, trunk.Credentials!.Username));
        writer.Raw(">"u8);
        return writer.Written;
    }

    // SIP-URI = "sip:" [ user "@" ] host; the Request-URI has no user (section 10.2)
    private static ReadOnlySpan<byte> Uri(Span<byte> storage, Trunk trunk, ReadOnlySpan<byte> user)
    {
        var writer = new SipWriter(storage);
        writer.Raw("sip:"u8);
        writer.Raw(user);
        if (!user.IsEmpty) writer.Raw("@"u8);
        if (trunk.UriHost.Length > 0) writer.Raw(trunk.UriHost);
        else if (user.IsEmpty) writer.Endpoint(trunk.Address);
        else writer.Address(trunk.Address);
        return writer.Written;
    }
}
