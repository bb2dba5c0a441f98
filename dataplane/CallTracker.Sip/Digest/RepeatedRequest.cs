using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// Writes a request of ours once more for a challenge (RFC 3261 section 22.2): the same but for branch, CSeq number and
/// credentials, so that whatever made it need not be asked again. Stateless.
/// </summary>
public static class RepeatedRequest
{
    /// <summary>All header lines but the credentials; the caller writes those, then <see cref="WriteRest"/>.</summary>
    public static void WriteHead(
        ref SipWriter writer, ReadOnlySpan<byte> request, scoped ReadOnlySpan<byte> branch, uint cseq)
    {
        var lines = new MessageLines(request);
        writer.Raw(lines.StartLine);
        var method = lines.StartLine[..Math.Max(0, lines.StartLine.IndexOf((byte)' '))];
        while (lines.MoveNext())
        {
            switch (lines.Kind)
            {
                case SipHeaderKind.Via:
                    WriteVia(ref writer, lines.Line, branch);
                    break;
                case SipHeaderKind.CSeq:
                    writer.CSeq(cseq, method);
                    break;
                case SipHeaderKind.Authorization or SipHeaderKind.ProxyAuthorization:
                    break;
                default:
                    writer.Raw(lines.Line);
                    break;
            }
        }
    }

    /// <summary>The end of the headers and the body.</summary>
    public static void WriteRest(ref SipWriter writer, ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end >= 0) writer.Raw(request[(end + 2)..]);
    }

    /// <summary>
    /// Copies the credentials of an INVITE into the ACK to its 2xx, as RFC 3261 section 22.1 asks.
    /// </summary>
    public static void CopyCredentials(ref SipWriter writer, ReadOnlySpan<byte> invite)
    {
        var lines = new MessageLines(invite);
        while (lines.MoveNext())
        {
            if (lines.Kind is SipHeaderKind.Authorization or SipHeaderKind.ProxyAuthorization) writer.Raw(lines.Line);
        }
    }

    // Our requests carry one Via, with the branch we wrote; what else stands in the line stays.
    private static void WriteVia(ref SipWriter writer, ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> branch)
    {
        var label = line.IndexOf(";branch="u8) + ";branch="u8.Length;
        var rest = line[label..];
        writer.Raw(line[..label]);
        writer.Raw(branch);
        writer.Raw(rest[rest.IndexOfAny(";, \r"u8)..]);
    }
}
