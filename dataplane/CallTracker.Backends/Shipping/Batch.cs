using System.Buffers.Binary;
using System.Text.Json;
using CallTracker.Backends.Journal;

namespace CallTracker.Backends.Shipping;

/// <summary>A batch of rows fixed for insertion, and its file. Owned by the shipper; at most one exists.</summary>
internal sealed record Batch(BatchHeader Header, ReadOnlyMemory<byte> Body)
{
    private const string FileName = "batch.pending";

    // file: header length (int32), header (JSON), CRC-32C of the header (uint32), rows (RowBinary)
    public void Write(string directory)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Header, ShippingJson.Default.BatchHeader);
        var head = new byte[4 + json.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(head, json.Length);
        json.CopyTo(head, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4 + json.Length), SegmentLayout.Crc(json));
        DurableFile.Replace(Path.Combine(directory, FileName), head, Body.Span);
    }

    /// <summary>The batch that an earlier run fixed and did not finish; null when there is none.</summary>
    public static Batch? Read(string directory, IBackendLog log)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        var batch = TryParse(File.ReadAllBytes(path));
        if (batch is not null) return batch;
        // Its rows are still in the journals behind the checkpoint and are sent again after a look for each.
        log.Report(BackendEvent.BatchFileCorrupt, "The pending batch cannot be read; its rows are taken anew.");
        File.Move(path, path + ".bad", overwrite: true);
        return null;
    }

    public static void Delete(string directory) => File.Delete(Path.Combine(directory, FileName));

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
        var body = file[(8 + length)..];
        return header is not null && SegmentLayout.Crc(body.Span) == header.BodyCrc ? new Batch(header, body) : null;
    }
}
