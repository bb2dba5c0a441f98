using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>session_id: what stays between requests, and what must not.</summary>
public sealed class SessionHttpTests(SharedServer shared)
{
    [Fact]
    public async Task Session_TemporaryTable_StaysThere()
    {
        await shared.Server.Query("CREATE TEMPORARY TABLE mine (a UInt8)", "session_id=temporary");
        await shared.Server.Query("INSERT INTO mine VALUES (7)", "session_id=temporary");

        (await shared.Server.Query("SELECT a FROM mine", "session_id=temporary&session_check=1")).ShouldBe("7");
        (await Reply.Post(shared.Server, "?session_id=other", "SELECT a FROM mine"))
            .ErrorCode.ShouldBe("60");
    }

    [Fact]
    public async Task Session_SetStays_UrlSettingDoesNot()
    {
        const string Sql = "SELECT getSetting('max_block_size'), getSetting('max_threads')";
        var usual = await shared.Server.Query("SELECT getSetting('max_threads')");
        await shared.Server.Query("SET max_block_size = 111", "session_id=settings");

        (await shared.Server.Query(Sql, "session_id=settings&max_block_size=222&max_threads=3")).ShouldBe("222\t3");
        (await shared.Server.Query(Sql, "session_id=settings")).ShouldBe($"111\t{usual}");
    }

    [Fact]
    public async Task Session_DatabaseInUrl_HoldsForThatRequestOnly()
    {
        var database = await shared.NewDatabase();

        const string Sql = "SELECT currentDatabase()";
        (await shared.Server.Query(Sql, $"session_id=base&database={database}")).ShouldBe(database);
        (await shared.Server.Query(Sql, "session_id=base")).ShouldBe("default");
    }

    [Fact]
    public async Task Session_InUse_IsLocked()
    {
        var sleeping = shared.Server.Query("SELECT sleep(3)", "session_id=locked&query_id=sleeper");
        const string Sleepers = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep(3)%'";
        await Until.TrueAsync(async () => await shared.Server.Query(Sleepers) == "1");

        var reply = await Reply.Post(shared.Server, "?session_id=locked", "SELECT 1");

        reply.ErrorCode.ShouldBe("373");
        await sleeping;
        (await shared.Server.Query("SELECT 1", "session_id=locked")).ShouldBe("1");
    }

    [Fact]
    public async Task Session_WriteByGet_IsReadOnlyAndSessionLives()
    {
        await shared.Server.Query("CREATE TEMPORARY TABLE kept (a UInt8)", "session_id=get");

        var write = await Reply.Get(shared.Server, $"?session_id=get&query={Uri.EscapeDataString("DROP TABLE kept")}");
        var read = await Reply.Get(shared.Server, "?session_id=get&query=SELECT%20count()%20FROM%20kept");

        write.ErrorCode.ShouldBe("164");
        read.Text.ShouldBe("0\n");
    }

    [Fact]
    public async Task Session_AfterItsTime_IsGone()
    {
        await shared.Server.Query("CREATE TEMPORARY TABLE short (a UInt8)", "session_id=short&session_timeout=1");

        await Until.TrueAsync(async () =>
        {
            // Asking keeps a session alive, so only another new session may look.
            await Task.Delay(1200);
            var reply = await Reply.Post(shared.Server, "?session_id=short&session_check=1", "SELECT 1");
            return reply.ErrorCode == "372";
        });
    }
}
