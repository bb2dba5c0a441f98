using System.Net;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>Bad requests: each gets a server's code and status, and the server goes on.</summary>
public sealed class QueryErrorTests(SharedServer shared)
{
    [Theory]
    [InlineData("", "SELECT * FROM nowhere", 60, 404)]
    [InlineData("", "SELECT 1 FROM nowhere.t", 81, 404)]
    [InlineData("database=nowhere", "SELECT 1", 81, 404)]
    [InlineData("", "SELEC 1", 62, 400)]
    [InlineData("", "SELECT 1 +", 62, 400)]
    [InlineData("", "1 + 1", 62, 400)]
    [InlineData("", "SELECT 1; SELECT 2", 62, 400)]
    [InlineData("", "SELECT nofunction(1)", 46, 404)]
    [InlineData("", "SELECT 1 FORMAT Nothing", 73, 404)]
    [InlineData("default_format=Nothing", "SELECT 1", 73, 404)]
    [InlineData("nosetting=1", "SELECT 1", 115, 404)]
    [InlineData("max_threads=many", "SELECT 1", 27, 400)]
    [InlineData("a%27b=1", "SELECT 1", 115, 404)]
    [InlineData("", "SELECT {x:UInt8}", 456, 500)]
    [InlineData("param_x=many", "SELECT {x:UInt8}", 457, 500)]
    [InlineData("max_execution_time=1", "SELECT max(sipHash64(number)) FROM numbers(1000000000000)", 159, 408)]
    [InlineData("max_memory_usage=1000000", "SELECT uniqExact(number) FROM numbers(10000000)", 241, 500)]
    [InlineData("", "SELECT 1 INTO OUTFILE '/var/calltracker-never'", 358, 500)]
    [InlineData("", "INSERT INTO system.one FROM INFILE '/etc/passwd' FORMAT LineAsString", 78, 404)]
    [InlineData("", "INSERT INTO nowhere SELECT * FROM input('a UInt8') FORMAT CSV 1", 48, 501)]
    [InlineData("compress=1", "SELECT 1", 48, 501)]
    [InlineData("decompress=1", "SELECT 1", 48, 501)]
    [InlineData("role=admin", "SELECT 1", 48, 501)]
    [InlineData("readonly=1", "CREATE DATABASE readonlytest", 164, 500)]
    [InlineData("session_id=a&session_timeout=many", "SELECT 1", 374, 500)]
    [InlineData("session_id=never-seen&session_check=1", "SELECT 1", 372, 500)]
    [InlineData("query_id=a%0Ab", "SELECT 1", 36, 400)]
    public async Task Request_ThatFails_GetsCodeAndStatus(string url, string sql, int code, int status)
    {
        var reply = await Reply.Post(shared.Server, $"?{url}", sql);

        reply.ErrorCode.ShouldBe($"{code}", reply.Text);
        ((int)reply.Status).ShouldBe(status);
        reply.Text.ShouldStartWith($"Code: {code}. DB::Exception: ");
        reply.Text.ShouldMatch(@"\([A-Z_]+\) \(version [0-9.]+\)\n$");
        reply.Text.ShouldNotContain("/proc/self");
    }

    [Theory]
    [InlineData("CREATE TABLE byget2 (a UInt8) ENGINE = Memory")]
    [InlineData("INSERT INTO byget VALUES (1)")]
    [InlineData("INSERT INTO byget FORMAT CSV 1")]
    [InlineData("INSERT INTO byget SELECT 1")]
    [InlineData("DROP TABLE byget")]
    [InlineData("SET readonly = 0")]
    public async Task Write_ByGet_IsReadOnly(string sql)
    {
        var database = await shared.NewDatabase();
        await shared.Server.Query("CREATE TABLE byget (a UInt8) ENGINE = Memory", $"database={database}");

        var reply = await Reply.Get(shared.Server, $"?database={database}&query={Uri.EscapeDataString(sql)}");

        reply.ErrorCode.ShouldBe("164", reply.Text);
        (await shared.Server.Query($"SELECT count() FROM {database}.byget")).ShouldBe("0");
    }

    [Fact]
    public async Task Text_TooLong_IsRefused()
    {
        var reply = await Reply.Post(shared.Server, "/", "SELECT " + new string(' ', ServerLimits.QueryTextBytesMax));

        reply.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        reply.ErrorCode.ShouldBe("229");
    }

    [Fact]
    public async Task Text_OfAMegabyte_Runs()
    {
        var list = string.Join(',', Enumerable.Range(0, 200_000));

        var count = await shared.Server.Query(
            $"SELECT count() FROM numbers(300000) WHERE number IN ({list})",
            "max_query_size=4000000&max_ast_elements=1000000&max_expanded_ast_elements=1000000");

        count.ShouldBe("200000");
    }

    [Fact]
    public async Task Body_WithUnknownCoding_IsRefused()
    {
        var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentEncoding.Add("zstd");

        var reply = await Reply.Post(shared.Server, "?query=SELECT%201", content);

        reply.ErrorCode.ShouldBe("89");
    }

    [Fact]
    public async Task Body_ThatIsNoGzip_IsRefused()
    {
        var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentEncoding.Add("gzip");

        (await Reply.Post(shared.Server, "/", content)).ErrorCode.ShouldBe("271");
    }

    [Fact]
    public async Task Failure_Logged_NamesNeitherTextNorData()
    {
        const string Secret = "09012345678";
        await Reply.Post(
            shared.Server, $"?query_id=leak-test&param_x={Secret}", $"SELECT '{Secret}', {{x:String}} FROM nowhere");

        var lines = shared.Server.Process.Output;

        lines.ShouldContain("query failed id=leak-test code=60 UNKNOWN_TABLE");
        lines.ShouldNotContain(Secret);
        lines.ShouldNotContain("nowhere");
    }
}
