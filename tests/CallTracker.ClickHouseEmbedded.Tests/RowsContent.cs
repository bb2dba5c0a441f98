using System.Buffers.Binary;
using System.Net;

namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>
/// A body of RowBinary rows (UInt64, String), made while it is sent, of unknown length. Can break off in the middle.
/// </summary>
internal sealed class RowsContent(int rows, int textBytes) : HttpContent
{
    private const int RowsPerWrite = 1000;

    public int BreakAfterRows { get; init; } = int.MaxValue;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var rowBytes = 9 + textBytes;
        var piece = new byte[RowsPerWrite * rowBytes];
        for (var first = 0; first < rows; first += RowsPerWrite)
        {
            if (first >= BreakAfterRows)
                throw new IOException("the body breaks off here");
            var count = Math.Min(RowsPerWrite, rows - first);
            for (var i = 0; i < count; i++)
                WriteRow(piece.AsSpan(i * rowBytes, rowBytes), (ulong)(first + i));
            await stream.WriteAsync(piece.AsMemory(0, count * rowBytes));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static void WriteRow(Span<byte> row, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(row, number);
        row[8] = (byte)(row.Length - 9);
        row[9..].Fill((byte)('a' + (int)(number % 26)));
    }
}
