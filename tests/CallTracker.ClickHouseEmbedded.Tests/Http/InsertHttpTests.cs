using System.IO.Compression;
using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>INSERT over HTTP: formats, where the rows may stand, sizes, broken bodies.</summary>
public sealed class InsertHttpTests(SharedServer shared)
{
    [Theory]
    [InlineData("CSV", "1,\"x\"\n2,\"y\"\n")]
    [InlineData("TSV", "1\tx\n2\ty\n")]
    [InlineData("JSONEachRow", "{\"a\":1,\"s\":\"x\"}\n{\"a\":2,\"s\":\"y\"}")]
    [InlineData("RowBinary", "\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001x\u0002\0\0\0\0\0\0\0\u0001y")]
    [InlineData("Values", "(1,'x'),(2,'y')")]
    public async Task Insert_OfAFormat_WritesItsRows(string format, string rows)
    {
        var table = await NewTable();

        var inBody = await Reply.Post(shared.Server, "/", $"INSERT INTO {table} FORMAT {format}\n{rows}");
        var inUrl = await Reply.Post(shared.Server, $"?query=INSERT%20INTO%20{table}%20FORMAT%20{format}", rows);

        inBody.Text.ShouldBeEmpty();
        inUrl.Text.ShouldBeEmpty();
        inUrl.Header("X-ClickHouse-Summary")!.ShouldContain("\"written_rows\":\"2\"");
        (await shared.Server.Query($"SELECT a, s, count() FROM {table} GROUP BY a, s ORDER BY a"))
            .ShouldBe("1\tx\t2\n2\ty\t2");
    }

    [Fact]
    public async Task Insert_OfBinaryRows_KeepsEveryByte()
    {
        var table = await NewTable();
        var text = new byte[256];
        for (var i = 0; i < text.Length; i++)
            text[i] = (byte)i;
        byte[] row = [7, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x02, .. text];

        await Reply.Post(
            shared.Server, $"?query=INSERT%20INTO%20{table}%20FORMAT%20RowBinary", new ByteArrayContent(row));

        var back = await Reply.Post(shared.Server, "/", $"SELECT s FROM {table} FORMAT RawBLOB");
        back.Body.ShouldBe(text);
    }

    [Fact]
    public async Task Insert_OfValues_TakesExpressionsAndParameters()
    {
        var table = await NewTable();

        await shared.Server.Query(
            $"INSERT INTO {table} (a, s) VALUES (1 + 1, upper('x')), ({{p:UInt64}}, 'y;')", "param_p=9");

        (await shared.Server.Query($"SELECT a, s FROM {table} ORDER BY a")).ShouldBe("2\tX\n9\ty;");
    }

    [Fact]
    public async Task Insert_FromSelect_WritesItsRows()
    {
        var table = await NewTable();

        var reply = await Reply.Post(shared.Server, "/", $"INSERT INTO {table} SELECT number, 's' FROM numbers(10)");

        reply.Header("X-ClickHouse-Summary")!.ShouldContain("\"written_rows\":\"10\"");
        (await shared.Server.Query($"SELECT count() FROM {table}")).ShouldBe("10");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Insert_Compressed_IsUnpacked(string coding)
    {
        var table = await NewTable();
        var content = new ByteArrayContent(Pack(coding, "1,x\n2,y\n"));
        content.Headers.ContentEncoding.Add(coding);

        await Reply.Post(shared.Server, $"?query=INSERT%20INTO%20{table}%20FORMAT%20CSV", content);

        (await shared.Server.Query($"SELECT count() FROM {table}")).ShouldBe("2");
    }

    [Fact]
    public async Task Insert_OfManyMegabytesInChunks_NeedsLittleMemory()
    {
        var table = await NewTable();
        const int Rows = 3_000_000;
        var memoryBefore = PeakMemoryKb();
        using var content = new RowsContent(Rows, textBytes: 100);

        // Blocks of 11 MB, where the engine's own size is a million rows: how many of those it holds at a time varies.
        var reply = await Reply.Post(
            shared.Server,
            $"?query=INSERT%20INTO%20{table}%20FORMAT%20RowBinary&max_insert_block_size=100000" +
            "&min_insert_block_size_rows=100000&min_insert_block_size_bytes=0",
            content);

        reply.Text.ShouldBeEmpty();
        (await shared.Server.Query($"SELECT count(), sum(length(s)) FROM {table}")).ShouldBe($"{Rows}\t{Rows * 100L}");
        // 327 MB went in; held somewhere as a whole, they would be more than this.
        (PeakMemoryKb() - memoryBefore).ShouldBeLessThan(300_000);
    }

    [Theory]
    [InlineData("CSV", "1,x\nnot a number,y\n", 27, 400)]
    [InlineData("JSONEachRow", "{\"a\":1,", 26, 400)]
    [InlineData("RowBinary", "abc", 33, 500)]
    [InlineData("Nothing", "abc", 73, 404)]
    public async Task Insert_OfBadRows_WritesNothing(string format, string rows, int code, int status)
    {
        var table = await NewTable();

        var reply = await Reply.Post(shared.Server, $"?query=INSERT%20INTO%20{table}%20FORMAT%20{format}", rows);

        reply.ErrorCode.ShouldBe($"{code}", reply.Text);
        ((int)reply.Status).ShouldBe(status);
        (await shared.Server.Query($"SELECT count() FROM {table}")).ShouldBe("0");
    }

    [Fact]
    public async Task Insert_IntoAnUnknownTable_IsNotFound()
    {
        var reply = await Reply.Post(shared.Server, "?query=INSERT%20INTO%20nowhere%20FORMAT%20CSV", "1\n");

        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        reply.ErrorCode.ShouldBe("60");
    }

    [Fact]
    public async Task Insert_WhoseBodyBreaksOff_WritesNothing()
    {
        var table = await NewTable();
        using var content = new RowsContent(100_000, textBytes: 50) { BreakAfterRows = 50_000 };

        await Should.ThrowAsync<HttpRequestException>(() => Reply.Post(
            shared.Server, $"?query_id=broken-body&query=INSERT%20INTO%20{table}%20FORMAT%20RowBinary", content));

        await Until.TrueAsync(() => Task.FromResult(shared.Server.Process.Output.Contains("id=broken-body")));
        (await shared.Server.Query($"SELECT count() FROM {table}")).ShouldBe("0");
    }

    private async Task<string> NewTable()
    {
        var table = $"{await shared.NewDatabase()}.t";
        await shared.Server.Query($"CREATE TABLE {table} (a UInt64, s String) ENGINE = MergeTree ORDER BY a");
        return table;
    }

    private long PeakMemoryKb()
    {
        var status = File.ReadAllLines($"/proc/{shared.Server.Process.Id}/status");
        var line = status.First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static byte[] Pack(string coding, string text)
    {
        using var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
