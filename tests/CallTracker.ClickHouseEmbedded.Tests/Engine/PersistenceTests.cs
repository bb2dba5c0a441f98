using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Engine;

/// <summary>What is confirmed is there after SIGTERM and after kill -9, and a retried INSERT is there once.</summary>
public sealed class PersistenceTests
{
    private const string Insert = "?database=ct&query=INSERT%20INTO%20t%20FORMAT%20CSV&insert_deduplication_token=";

    [Fact]
    public async Task Data_AfterStopAndAfterKill_IsThere()
    {
        await using var server = await StartWithTable();
        await Reply.Post(server, Insert + "a", "1\n2\n");
        await server.Query(
            "CREATE MATERIALIZED VIEW ct.mv ENGINE = SummingMergeTree ORDER BY k AS SELECT 1 AS k, a FROM ct.t");

        (await server.StopAsync()).Code.ShouldBe(0);
        await server.RestartAsync();
        await Reply.Post(server, Insert + "b", "3\n");
        await server.KillAsync();
        await server.RestartAsync();

        (await server.Query("SELECT groupArray(a) FROM (SELECT a FROM ct.t ORDER BY a)")).ShouldBe("[1,2,3]");
        (await server.Query("SELECT sum(a) FROM ct.mv")).ShouldBe("3");
    }

    [Fact]
    public async Task Token_Repeated_WritesOnceAcrossRestartAndKill()
    {
        await using var server = await StartWithTable();
        await Reply.Post(server, Insert + "a", "1\n2\n");
        await Reply.Post(server, Insert + "a", "1\n2\n");
        (await Count(server)).ShouldBe("2");

        await server.StopAsync();
        await server.RestartAsync();
        await Reply.Post(server, Insert + "a", "1\n2\n");
        (await Count(server)).ShouldBe("2");
        await Reply.Post(server, Insert + "b", "1\n2\n");
        (await Count(server)).ShouldBe("4");

        await server.KillAsync();
        await server.RestartAsync();
        await Reply.Post(server, Insert + "a", "1\n2\n");
        await Reply.Post(server, Insert + "b", "1\n2\n");
        (await Count(server)).ShouldBe("4");
    }

    [Fact]
    public async Task Inserts_RetriedThroughKills_AreThereOnce()
    {
        await using var server = await StartWithTable();
        var next = 0;
        for (var kill = 0; kill < 3; kill++)
        {
            var writing = WriteUntilBroken(server, next);
            await Until.TrueAsync(async () => int.Parse(await Count(server)) > next + 5);
            await server.KillAsync();
            next = await writing;
            await server.RestartAsync();
        }

        // The one that was under way when the kill came may be there or not: its retry decides.
        await Reply.Post(server, $"{Insert}{next}", $"{next}\n");
        (await server.Query("SELECT count(), uniqExact(a), max(a) FROM ct.t"))
            .ShouldBe($"{next + 1}\t{next + 1}\t{next}");
    }

    private static async Task<int> WriteUntilBroken(ClickHouseServer server, int next)
    {
        try
        {
            while (true)
            {
                var reply = await Reply.Post(server, $"{Insert}{next}", $"{next}\n");
                reply.Text.ShouldBeEmpty();
                next++;
            }
        }
        catch (HttpRequestException)
        {
            return next;
        }
    }

    private static async Task<ClickHouseServer> StartWithTable()
    {
        var server = await ClickHouseServer.StartAsync();
        await server.Query("CREATE DATABASE ct");
        await server.Query(
            "CREATE TABLE ct.t (a UInt64) ENGINE = MergeTree ORDER BY a "
            + "SETTINGS non_replicated_deduplication_window = 10000");
        return server;
    }

    private static Task<string> Count(ClickHouseServer server) => server.Query("SELECT count() FROM ct.t");
}
