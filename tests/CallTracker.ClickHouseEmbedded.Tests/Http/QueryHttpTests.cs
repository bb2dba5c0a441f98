using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>The HTTP interface as clients of a server know it: paths, parameters, headers, formats.</summary>
public sealed class QueryHttpTests(SharedServer shared)
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/ping")]
    [InlineData("GET", "/replicas_status")]
    [InlineData("HEAD", "/")]
    [InlineData("HEAD", "/ping")]
    public async Task HealthPage_Asked_IsOk(string method, string path)
    {
        var reply = await Reply.Send(
            shared.Server, new HttpRequestMessage(new HttpMethod(method), new Uri(shared.Server.Address, path)));

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Text.ShouldBe(method == "HEAD" ? string.Empty : "Ok.\n");
    }

    [Fact]
    public async Task Page_NotKnown_IsNotFound()
    {
        (await Reply.Get(shared.Server, "/play")).Status.ShouldBe(HttpStatusCode.NotFound);
        var put = new HttpRequestMessage(HttpMethod.Put, shared.Server.Address);
        (await Reply.Send(shared.Server, put)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Query_InUrlBodyOrBoth_GivesTheSame()
    {
        (await Reply.Get(shared.Server, "?query=SELECT%201%2B1")).Text.ShouldBe("2\n");
        (await Reply.Post(shared.Server, "/", "SELECT 1+1")).Text.ShouldBe("2\n");
        (await Reply.Post(shared.Server, "?query=SELECT%201", "+1")).Text.ShouldBe("2\n");
    }

    [Fact]
    public async Task Query_Answered_CarriesTheHeadersOfAServer()
    {
        var reply = await Reply.Get(shared.Server, "?query_id=my-query&query=SELECT%20number%20FROM%20numbers(3)");

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.ContentType.ShouldBe("text/tab-separated-values; charset=UTF-8");
        reply.Header("X-ClickHouse-Query-Id").ShouldBe("my-query");
        reply.Header("X-ClickHouse-Format").ShouldBe("TabSeparated");
        reply.Header("X-ClickHouse-Timezone").ShouldNotBeNullOrEmpty();
        reply.Header("X-ClickHouse-Server-Display-Name").ShouldNotBeNullOrEmpty();
        var summary = JsonSerializer.Deserialize<Dictionary<string, string>>(reply.Header("X-ClickHouse-Summary")!)!;
        summary["read_rows"].ShouldBe("3");
        summary["result_rows"].ShouldBe("3");
        long.Parse(summary["elapsed_ns"]).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("TSV", "text/tab-separated-values; charset=UTF-8", "1\tx\n")]
    [InlineData("CSVWithNames", "text/csv; charset=UTF-8; header=present", "\"a\",\"b\"\n1,\"x\"\n")]
    [InlineData("JSONEachRow", "application/x-ndjson; charset=UTF-8", "{\"a\":1,\"b\":\"x\"}\n")]
    [InlineData("RowBinary", "application/octet-stream", "\u0001\u0001x")]
    [InlineData("Values", "text/plain; charset=UTF-8", "(1,'x')")]
    public async Task Format_InQueryUrlOrHeader_DecidesBodyAndType(string format, string contentType, string body)
    {
        const string Sql = "SELECT 1 AS a, 'x' AS b";
        var header = new HttpRequestMessage(HttpMethod.Post, shared.Server.Address);
        header.Content = new StringContent(Sql);
        header.Headers.Add("X-ClickHouse-Format", format);
        Reply[] replies =
        [
            await Reply.Post(shared.Server, "/", $"{Sql} FORMAT {format}"),
            await Reply.Post(shared.Server, $"?default_format={format}", Sql),
            await Reply.Send(shared.Server, header),
        ];

        foreach (var reply in replies)
        {
            reply.Text.ShouldBe(body);
            reply.ContentType.ShouldBe(contentType);
            reply.Header("X-ClickHouse-Format").ShouldBe(format);
        }
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("JSONCompact")]
    [InlineData("XML")]
    [InlineData("CSVWithNames")]
    [InlineData("Parquet")]
    [InlineData("Native")]
    [InlineData("ArrowStream")]
    public async Task Result_OfManyBlocks_IsOneDocument(string format)
    {
        var database = await shared.NewDatabase();
        var sql = $"SELECT number AS n, toString(number) AS s FROM numbers(300000) FORMAT {format}";

        var document = (await Reply.Post(shared.Server, "/", sql)).Body;

        if (format is "JSON" or "JSONCompact")
        {
            using var json = JsonDocument.Parse(document);
            json.RootElement.GetProperty("data").GetArrayLength().ShouldBe(300_000);
        }
        else if (format is "XML")
        {
            using var text = new MemoryStream(document);
            System.Xml.Linq.XDocument.Load(text).Descendants("row").Count().ShouldBe(300_000);
        }
        else
        {
            // What the engine reads back in is what it meant to write.
            await shared.Server.Query($"CREATE TABLE {database}.t (n UInt64, s String) ENGINE = MergeTree ORDER BY n");
            using var content = new ByteArrayContent(document);
            var back = await Reply.Post(
                shared.Server, $"?query=INSERT%20INTO%20{database}.t%20FORMAT%20{format}", content);
            back.Text.ShouldBeEmpty();
            (await shared.Server.Query($"SELECT count(), sum(n), uniqExact(s) FROM {database}.t"))
                .ShouldBe("300000\t44999850000\t300000");
        }
    }

    [Fact]
    public async Task Parameters_InUrl_FillPlaceholders()
    {
        var reply = await Reply.Post(
            shared.Server, "?param_n=41&param_s=it%27s%5Ctx&param_a=%5B1,2%5D&param_t=system",
            "SELECT {n:UInt8} + 1, {s:String}, arraySum({a:Array(UInt8)}), count() > 0 FROM {t:Identifier}.one");

        reply.Text.ShouldBe("42\tit\\'s\\tx\t3\t1\n");
    }

    [Fact]
    public async Task Settings_InUrl_HoldForThatRequestOnly()
    {
        const string Sql = "SELECT value FROM system.settings WHERE name = 'max_block_size'";

        (await shared.Server.Query(Sql, "max_block_size=1234")).ShouldBe("1234");
        (await shared.Server.Query(Sql)).ShouldNotBe("1234");
    }

    [Fact]
    public async Task Database_InUrlOrHeader_IsUsed()
    {
        var database = await shared.NewDatabase();
        var header = new HttpRequestMessage(HttpMethod.Post, shared.Server.Address)
        {
            Content = new StringContent("SELECT currentDatabase()"),
        };
        header.Headers.Add("X-ClickHouse-Database", database);

        (await shared.Server.Query("SELECT currentDatabase()", $"database={database}")).ShouldBe(database);
        (await Reply.Send(shared.Server, header)).Text.ShouldBe(database + "\n");
        (await shared.Server.Query("SELECT currentDatabase()")).ShouldBe("default");
    }

    [Theory]
    [InlineData("SHOW DATABASES LIKE 'system'", "system")]
    [InlineData("EXISTS TABLE system.one", "1")]
    [InlineData("DESCRIBE TABLE system.one", "dummy\tUInt8\t\t\t\t\t")]
    [InlineData("EXPLAIN SYNTAX SELECT 1", "SELECT 1\nFROM system.one")]
    [InlineData("SELECT number % 2 AS k, count() FROM numbers(3) GROUP BY k WITH TOTALS ORDER BY k",
        "0\t2\n1\t1\n\n0\t3")]
    [InlineData("WITH 1 AS x SELECT x; -- end", "1")]
    public async Task Statement_WithResult_ReturnsIt(string sql, string result)
    {
        (await shared.Server.Query(sql)).ShouldBe(result);
    }

    [Fact]
    public async Task WaitEndOfQuery_ErrorAfterManyRows_IsAStatus()
    {
        const string Sql = "SELECT toString(number), throwIf(number = 4000000) FROM numbers(5000000)";

        var reply = await Reply.Post(shared.Server, "?wait_end_of_query=1", Sql);

        reply.Status.ShouldBe(HttpStatusCode.InternalServerError);
        reply.ErrorCode.ShouldBe("395");
        var whole = await Reply.Post(shared.Server, "?wait_end_of_query=1", "SELECT number FROM numbers(3000000)");
        whole.Text.Split('\n').Length.ShouldBe(3_000_001);
        whole.Header("X-ClickHouse-Summary")!.ShouldContain("\"result_rows\":\"3000000\"");
    }

    [Fact]
    public async Task Error_AfterManyRows_BreaksTheTransfer()
    {
        const string Sql = "SELECT toString(number), throwIf(number = 4000000) FROM numbers(5000000)";

        await Should.ThrowAsync<HttpRequestException>(() => Reply.Post(shared.Server, "/", Sql));
    }
}
