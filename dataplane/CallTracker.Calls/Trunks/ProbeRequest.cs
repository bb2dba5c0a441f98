using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Trunks;

/// <summary>
/// The OPTIONS that asks a trunk whether it lives (RFC 3261 section 11). It has no transaction: the prober itself asks
/// again, more often than a transaction would repeat, and a dead trunk leaves nothing behind. Worker thread only.
/// </summary>
internal static class ProbeRequest
{
    private const int MaxForwards = 70;
    private const int UriLengthMax = 300;

    /// <summary>Sends it; false when the transport failed. The branch tells its answer from others.</summary>
    public static bool TrySend(CallEngine engine, Trunk trunk, TrunkEndpoint endpoint, out ulong branchHash)
    {
        Span<byte> token = stackalloc byte[SipTokens.BranchLength];
        var branch = engine.Tokens.WriteBranch(token);
        branchHash = TrunkDraw.TokenOf(branch);
        var flow = new SipFlow(endpoint.Transport, 0, 0, endpoint.Address);
        var writer = new SipWriter(engine.Scratch);
        Write(ref writer, engine, trunk, flow, branch);
        return !writer.Overflowed && engine.Sender.Send(flow, writer.Written);
    }

    private static void Write(
        ref SipWriter writer, CallEngine engine, Trunk trunk, in SipFlow flow, scoped ReadOnlySpan<byte> branch)
    {
        Span<byte> token = stackalloc byte[SipTokens.CallIdLength];
        Span<byte> space = stackalloc byte[UriLengthMax];
        var uri = WriteUri(space, trunk, flow);
        writer.RequestLine(SipMethod.Options, uri);
        writer.Via(flow.Kind, engine.Settings.SipAddressOf(flow), branch);
        writer.Header(SipHeaderKind.MaxForwards, MaxForwards);
        writer.BeginHeader(SipHeaderKind.To);
        writer.Raw("<"u8);
        writer.Raw(uri);
        writer.Raw(">"u8);
        writer.LineEnd();
        WriteFrom(ref writer, engine, flow);
        writer.Header(SipHeaderKind.CallId, engine.Tokens.WriteCallId(token));
        writer.CSeq(1, "OPTIONS"u8);
        LegRequest.WriteContact(ref writer, engine, flow);
        writer.Header(SipHeaderKind.Accept, "application/sdp"u8);
        writer.NoBody();
    }

    // SIP-URI = "sip:" hostport [ transport-param ]
    private static ReadOnlySpan<byte> WriteUri(Span<byte> destination, Trunk trunk, in SipFlow flow)
    {
        var writer = new SipWriter(destination);
        writer.Raw("sip:"u8);
        if (trunk.UriHost.Length > 0) writer.Raw(trunk.UriHost);
        else writer.Endpoint(flow.Remote);
        TransportParameter.Write(ref writer, flow.Kind);
        return writer.Written;
    }

    private static void WriteFrom(ref SipWriter writer, CallEngine engine, in SipFlow flow)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        writer.BeginHeader(SipHeaderKind.From);
        writer.Raw("<sip:"u8);
        writer.Endpoint(engine.Settings.SipAddressOf(flow));
        writer.Raw(">;tag="u8);
        writer.Raw(engine.Tokens.WriteTag(token));
        writer.LineEnd();
    }
}
