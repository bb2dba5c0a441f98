using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Writing;

/// <summary>
/// Writes the part of a response that is copied from its request (RFC 3261 section 8.2.6.2). Stateless.
/// </summary>
public static class SipResponses
{
    /// <summary>
    /// Status line, Via (the first one with what RFC 3581 adds), From, To with the tag when it has none, Call-ID, CSeq,
    /// and Record-Route where the response makes a dialog. The caller adds its own headers and ends the message.
    /// </summary>
    /// <param name="writer">Where to; nothing is ended.</param>
    /// <param name="request">A message with <see cref="SipMessage.CanAnswer"/>.</param>
    /// <param name="code">100 to 699.</param>
    /// <param name="reason">Empty for the usual phrase.</param>
    /// <param name="toTag">Our tag; empty for a 100.</param>
    /// <param name="source">Where the request came from.</param>
    public static void WriteResponse(
        this ref SipWriter writer, SipMessage request, int code, scoped ReadOnlySpan<byte> reason,
        scoped ReadOnlySpan<byte> toTag, in IpEndpoint source)
    {
        writer.StatusLine(code, reason);
        WriteCopied(ref writer, request, toTag, source);
        if (code == 100) writer.CopyHeaders(request, SipHeaderKind.Timestamp);
        var makesDialog = code is > 100 and < 300 && MakesDialog(request.Method);
        if (makesDialog) writer.CopyHeaders(request, SipHeaderKind.RecordRoute);
    }

    /// <summary>A whole response without body, for refusals.</summary>
    public static void WriteRefusal(
        this ref SipWriter writer, SipMessage request, int code, scoped ReadOnlySpan<byte> toTag, in IpEndpoint source)
    {
        WriteResponse(ref writer, request, code, default, toTag, source);
        writer.NoBody();
    }

    internal static void WriteCopied(
        ref SipWriter writer, SipMessage request, scoped ReadOnlySpan<byte> toTag, in IpEndpoint source)
    {
        WriteTopVia(ref writer, request.TopVia, source);
        for (var i = 1; i < request.Count(SipHeaderKind.Via); i++)
            writer.Header(SipHeaderKind.Via, request.Header(SipHeaderKind.Via, i));
        writer.Header(SipHeaderKind.From, request.From);
        // A To that cannot be read (the 400 says so) gets no tag: it might land inside an open quote.
        var isTagWanted = request.ToTag.IsEmpty && request.Fields.IsToReadable;
        writer.HeaderWithTag(SipHeaderKind.To, request.To, isTagWanted ? toTag : default);
        writer.Header(SipHeaderKind.CallId, request.CallId);
        writer.Header(SipHeaderKind.CSeq, request.Header(SipHeaderKind.CSeq));
    }

    // via-received = "received" EQUAL (IPv4address / IPv6address); response-port = "rport" [EQUAL 1*DIGIT]
    // Always written: section 18.2.1 asks for it only when sent-by differs, RFC 3581 section 4 with every rport.
    internal static void WriteTopVia(ref SipWriter writer, scoped in SipViaView via, in IpEndpoint source)
    {
        writer.BeginHeader(SipHeaderKind.Via);
        writer.Raw(via.Text[..^SipText.Trim(via.Parameters.Text).Length]);
        var rest = via.Parameters.Text;
        while (SipParameters.TryTake(ref rest, out var name, out var value))
        {
            if (name.IsEmpty || IsOurs(name)) continue;
            writer.Raw(";"u8);
            writer.Raw(name);
            if (value.IsEmpty) continue;
            writer.Raw("="u8);
            writer.Raw(value);
        }
        WriteReceived(ref writer, via.HasRport, source);
        writer.LineEnd();
    }

    private static void WriteReceived(ref SipWriter writer, bool hasRport, in IpEndpoint source)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.TextLengthMax];
        var length = source.FormatAddress(address);
        writer.Raw(";received="u8);
        writer.Raw(address[..length]);
        if (!hasRport) return;
        writer.Raw(";rport="u8);
        writer.Number(source.Port);
    }

    private static bool IsOurs(scoped ReadOnlySpan<byte> name) =>
        SipText.EqualsIgnoreCase(name, "received"u8) || SipText.EqualsIgnoreCase(name, "rport"u8);

    private static bool MakesDialog(SipMethod method) =>
        method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify;
}
