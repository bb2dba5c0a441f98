using System.Buffers.Binary;
using System.Text.Json;
using CallTracker.Backends.Journal;

namespace CallTracker.Backends.Shipping;

/// <summary>A batch of rows fixed for insertion. Owned by the shipper; at most one exists.</summary>
internal sealed record Batch(BatchHeader Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// What stands before the rows in the file. file: header length (int32), header (JSON), CRC-32C of the header
    /// (uint32), rows (RowBinary), and what is left of a longer batch.
    /// </summary>
    public ReadOnlyMemory<byte> Head()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Header, ShippingJson.Default.BatchHeader);
        var head = new byte[4 + json.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(head, json.Length);
        json.CopyTo(head, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4 + json.Length), SegmentLayout.Crc(json));
        return head;
    }

    /// <summary>The rows whose ids are not in <paramref name="present"/>.</summary>
    public ReadOnlyMemory<byte> Without(HashSet<string> present)
    {
        if (present.Count == 0) return Body;
        var rest = new byte[Body.Length];
        int from = 0, length = 0;
        for (var i = 0; i < Header.TrnIds.Count; i++)
        {
            var row = Body.Span.Slice(from, Header.RowLengths[i]);
            from += row.Length;
            if (present.Contains(Header.TrnIds[i])) continue;
            row.CopyTo(rest.AsSpan(length));
            length += row.Length;
        }
        return rest.AsMemory(0, length);
    }

    internal static Batch? TryParse(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.Span);
        if (length <= 0 || length > file.Length - 8) return null;
        var json = file.Slice(4, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.Span[(4 + length)..]) != SegmentLayout.Crc(json.Span))
            return null;
        var header = JsonSerializer.Deserialize(json.Span, ShippingJson.Default.BatchHeader);
        return header is null ? null : WithRows(header, file[(8 + length)..]);
    }

    private static Batch? WithRows(BatchHeader header, ReadOnlyMemory<byte> rest)
    {
        var length = 0L;
        foreach (var rowLength in header.RowLengths) length += rowLength;
        if (length < 0 || length > rest.Length) return null;
        var body = rest[..(int)length];
        return SegmentLayout.Crc(body.Span) == header.BodyCrc ? new Batch(header, body) : null;
    }
}
