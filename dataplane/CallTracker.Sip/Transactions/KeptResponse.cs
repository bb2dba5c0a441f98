using System.Buffers.Binary;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// A final response shrunk to what its request does not say: code, To tag, and the headers and body of its own. Via,
/// From, To, Call-ID and CSeq are taken again from the repeated request. Stateless.
/// </summary>
internal static class KeptResponse
{
    // Layout: code (2 bytes), tag length (1), reason length (1), tag, reason, headers of its own, empty line, body.
    private const int HeaderLength = 4;

    /// <summary>Bytes written, or 0 when the response is none or does not fit.</summary>
    public static int Shrink(ReadOnlySpan<byte> response, Span<byte> destination)
    {
        var code = MessageLines.StatusCodeOf(response);
        var tag = MessageLines.ToTagOf(response);
        var lines = new MessageLines(response);
        if (code == 0 || lines.StartLine.Length < 14 || destination.Length < response.Length) return 0;
        var reason = lines.StartLine[12..^2];
        if (reason.SequenceEqual(SipReasons.Of(code))) reason = default;
        if (tag.Length > byte.MaxValue || reason.Length > byte.MaxValue) return 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)code);
        destination[2] = (byte)tag.Length;
        destination[3] = (byte)reason.Length;
        var writer = new SipWriter(destination[HeaderLength..]);
        writer.Raw(tag);
        writer.Raw(reason);
        while (lines.MoveNext())
        {
            if (!IsCopied(lines.Kind)) writer.Raw(lines.Line);
        }
        writer.Raw(lines.Rest);
        return writer.Overflowed ? 0 : HeaderLength + writer.Length;
    }

    /// <summary>The response again, for the request that came again.</summary>
    public static void Write(ref SipWriter writer, ReadOnlySpan<byte> kept, SipMessage request, in IpEndpoint source)
    {
        var tag = kept.Slice(HeaderLength, kept[2]);
        var reason = kept.Slice(HeaderLength + tag.Length, kept[3]);
        writer.StatusLine(BinaryPrimitives.ReadUInt16LittleEndian(kept), reason);
        SipResponses.WriteCopied(ref writer, request, tag, source);
        writer.Raw(kept[(HeaderLength + tag.Length + reason.Length)..]);
    }

    private static bool IsCopied(SipHeaderKind kind) => kind is SipHeaderKind.Via or SipHeaderKind.From
        or SipHeaderKind.To or SipHeaderKind.CallId or SipHeaderKind.CSeq;
}
