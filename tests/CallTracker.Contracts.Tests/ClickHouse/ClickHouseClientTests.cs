using System.IO.Compression;
using System.Net;
using System.Text;
using CallTracker.Contracts.ClickHouse;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>What the client sends and what it makes of answers, against a scripted server.</summary>
public sealed class ClickHouseClientTests
{
    private static readonly ClickHouseOptions Options =
        new() { Address = new Uri("http://127.0.0.1:1/"), TimeoutSec = 1 };

    [Fact]
    public async Task Insert_WithToken_SendsSettingsAndRows()
    {
        using var server = new ScriptedHandler(_ => ScriptedHandler.Text(HttpStatusCode.OK, ""));
        await Client(server).InsertAsync("t", "a, b", "RowBinary", new byte[] { 1, 2, 3 }, "node:7");
        var url = Uri.UnescapeDataString(server.Urls[0].Query);
        url.ShouldContain("query=INSERT INTO t (a, b) FORMAT RowBinary");
        url.ShouldContain("async_insert=0");
        url.ShouldContain("insert_deduplicate=1");
        url.ShouldContain("insert_deduplication_token=node:7");
        url.ShouldContain("wait_end_of_query=1");
        url.ShouldContain("database=calltracker");
        server.Bodies[0].ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Insert_Gzipped_SendsTheSameRows()
    {
        using var server = new ScriptedHandler(_ => ScriptedHandler.Text(HttpStatusCode.OK, ""));
        var rows = Encoding.ASCII.GetBytes(new string('x', 5000));
        await Client(server, Options with { GzipInserts = true }).InsertAsync("t", "a", "RowBinary", rows);
        server.Bodies[0].Length.ShouldBeLessThan(200);
        using var gzip = new GZipStream(new MemoryStream(server.Bodies[0]), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        unpacked.ToArray().ShouldBe(rows);
    }

    [Fact]
    public async Task Parameters_WithControlCharacters_AreEscapedOnce()
    {
        using var server = new ScriptedHandler(_ => ScriptedHandler.Text(HttpStatusCode.OK, ""));
        var parameters = new Dictionary<string, string> { ["p"] = "a\tb\\c\nd&e=f" };
        await Client(server).ExecuteAsync("SELECT {p:String}", parameters);
        server.Urls[0].Query.ShouldContain("param_p=" + Uri.EscapeDataString("a\\tb\\\\c\\nd&e=f"));
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(27, false)]
    [InlineData(16, false)]
    [InlineData(159, true)]
    [InlineData(202, true)]
    [InlineData(241, true)]
    [InlineData(242, true)]
    [InlineData(252, true)]
    public async Task Exception_WithACode_IsTransientByTheCode(int code, bool isTransient)
    {
        var text = $"Code: {code}. DB::Exception: some\ntext. (NAME)";
        using var server = new ScriptedHandler(
            _ => ScriptedHandler.Text(HttpStatusCode.InternalServerError, text, code));
        var e = await Should.ThrowAsync<ClickHouseException>(() => Client(server).ExecuteAsync("x"));
        (e.Code, e.IsTransient).ShouldBe((code, isTransient));
        e.Message.ShouldContain("some text");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.NotFound, false)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    public async Task Exception_WithoutACode_IsTransientByTheStatus(HttpStatusCode status, bool isTransient)
    {
        using var server = new ScriptedHandler(_ => ScriptedHandler.Text(status, "a proxy speaks"));
        var e = await Should.ThrowAsync<ClickHouseException>(() => Client(server).ExecuteAsync("x"));
        (e.Code, e.IsTransient).ShouldBe((0, isTransient));
    }

    [Fact]
    public async Task Exception_BesideStatus200_IsThrown()
    {
        using var server = new ScriptedHandler(
            _ => ScriptedHandler.Text(HttpStatusCode.OK, "Code: 241. DB::Exception: x", 241));
        var e = await Should.ThrowAsync<ClickHouseException>(
            () => Client(server).InsertAsync("t", "a", "RowBinary", default));
        e.Code.ShouldBe(241);
    }

    [Fact]
    public async Task Network_Refused_IsTransient()
    {
        using var server = new ScriptedHandler(_ => throw new HttpRequestException("refused"));
        var e = await Should.ThrowAsync<ClickHouseException>(() => Client(server).ExecuteAsync("x"));
        (e.Code, e.IsTransient).ShouldBe((0, true));
    }

    [Fact]
    public async Task Query_RowsThenPlainException_GivesRowsThenThrows()
    {
        const string Body = "{\"a\":\"x\",\"b\":1}\nCode: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)\n";
        var (rows, e) = await ReadAsync(ScriptedHandler.Text(HttpStatusCode.OK, Body));
        rows.ShouldBe([new TestRow("x", 1)]);
        e.ShouldNotBeNull().Code.ShouldBe(159);
    }

    [Fact]
    public async Task Query_RowCutByMarker_GivesRowsThenThrows()
    {
        const string Body = "{\"a\":\"x\",\"b\":1}\n{\"a\":\"y\r\n__exception__\r\ntagtagtag\r\n" +
            "Code: 395. DB::Exception: value passed. (FUNCTION_THROW)\n60 tagtagtag\r\n__exception__\r\n";
        var (rows, e) = await ReadAsync(ScriptedHandler.Text(HttpStatusCode.OK, Body, tag: "tagtagtag"));
        rows.Count.ShouldBeLessThanOrEqualTo(1);
        e.ShouldNotBeNull().Code.ShouldBe(395);
    }

    [Fact]
    public async Task Query_RowOfAnotherShape_NamesThePathAndNotTheData()
    {
        var (_, e) = await ReadAsync(
            ScriptedHandler.Text(HttpStatusCode.OK, "{\"a\":\"secret\",\"b\":\"no number\"}\n"));
        e.ShouldNotBeNull().IsTransient.ShouldBeFalse();
        e.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Stream_WithATagInTheHeader_IsUnchangedWithoutAnException(int readLength)
    {
        var body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},__exception__\r\n"));
        using var server = new ScriptedHandler(_ => ScriptedHandler.Text(HttpStatusCode.OK, body, tag: "abc"));
        await using var stream = await Client(server).StreamAsync("SELECT 1", "CSV");
        var read = new MemoryStream();
        var buffer = new byte[readLength];
        int length;
        while ((length = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
            read.Write(buffer, 0, length);
        Encoding.ASCII.GetString(read.ToArray()).ShouldBe(body);
    }

    [Fact]
    public async Task Stream_EveryPlaceOfTheMarker_ThrowsAndNeverShowsIt()
    {
        for (var padding = 32_740; padding < 32_800; padding++)
        {
            var body = new string('x', padding) +
                "\r\n__exception__\r\nabc\r\nCode: 396. DB::Exception: y\r\n10 abc\r\n__exception__\r\n";
            using var server = new ScriptedHandler(_ => ScriptedHandler.Text(HttpStatusCode.OK, body, tag: "abc"));
            await using var stream = await Client(server).StreamAsync("SELECT 1", "CSV");
            var read = new MemoryStream();
            var e = await Should.ThrowAsync<ClickHouseException>(() => stream.CopyToAsync(read));
            e.Code.ShouldBe(396);
            Encoding.ASCII.GetString(read.ToArray()).ShouldNotContain("_");
        }
    }

    private static ClickHouseClient Client(ScriptedHandler server, ClickHouseOptions? options = null) =>
        new(new HttpClient(server), options ?? Options);

    private static async Task<(
        List<TestRow> Rows, ClickHouseException? Exception)> ReadAsync(HttpResponseMessage answer)
    {
        using var server = new ScriptedHandler(_ => answer);
        var rows = new List<TestRow>();
        try
        {
            await foreach (var row in Client(server).QueryAsync("SELECT 1", TestRowJson.Default.TestRow)) rows.Add(row);
            return (rows, null);
        }
        catch (ClickHouseException e)
        {
            return (rows, e);
        }
    }
}
