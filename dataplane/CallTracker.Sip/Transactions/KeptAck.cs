using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// An ACK shrunk to what the response does not say, with where it goes and whose response it acknowledges. From, To and
/// Call-ID are taken again from the repeated response. Stateless.
/// </summary>
internal static class KeptAck
{
    private static readonly int FlowLength = Marshal.SizeOf<SipFlow>();

    // Layout: flow, hash of the To tag (8 bytes), length of the request line (2), request line, other lines, body.
    private static int HeaderLength => FlowLength + 10;

    /// <summary>Bytes written, or 0 when the ACK does not fit.</summary>
    public static int Shrink(ReadOnlySpan<byte> ack, in SipFlow flow, ulong toTagHash, Span<byte> destination)
    {
        var lines = new MessageLines(ack);
        if (destination.Length < HeaderLength + ack.Length) return 0;
        MemoryMarshal.Write(destination, flow);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FlowLength..], toTagHash);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[(FlowLength + 8)..], (ushort)lines.StartLine.Length);
        var writer = new SipWriter(destination[HeaderLength..]);
        writer.Raw(lines.StartLine);
        while (lines.MoveNext())
        {
            var isInResponse = lines.Kind is SipHeaderKind.From or SipHeaderKind.To or SipHeaderKind.CallId;
            if (!isInResponse) writer.Raw(lines.Line);
        }
        writer.Raw(lines.Rest);
        return HeaderLength + writer.Length;
    }

    public static SipFlow FlowOf(ReadOnlySpan<byte> kept) => MemoryMarshal.Read<SipFlow>(kept);

    public static ulong ToTagHashOf(ReadOnlySpan<byte> kept) =>
        BinaryPrimitives.ReadUInt64LittleEndian(kept[FlowLength..]);

    /// <summary>The ACK again, for the response that came again.</summary>
    public static void Write(ref SipWriter writer, ReadOnlySpan<byte> kept, SipMessage response)
    {
        var lineLength = BinaryPrimitives.ReadUInt16LittleEndian(kept[(FlowLength + 8)..]);
        var lines = kept[HeaderLength..];
        writer.Raw(lines[..lineLength]);
        writer.Header(SipHeaderKind.From, response.From);
        writer.Header(SipHeaderKind.To, response.To);
        writer.Header(SipHeaderKind.CallId, response.CallId);
        writer.Raw(lines[lineLength..]);
    }
}
