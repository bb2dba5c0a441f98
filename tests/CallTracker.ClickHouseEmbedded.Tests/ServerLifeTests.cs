using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>Starting, refusing to start, stopping under load, and doing nothing cheaply.</summary>
public sealed class ServerLifeTests(SharedServer shared)
{
    private const int RefuseMsMax = 30_000;

    [Fact]
    public async Task Start_InAFolderInUse_IsOneLineAndCodeOne()
    {
        var exit = await StartAndFail("--port", "0", "--data", shared.Server.DataPath);

        exit.Code.ShouldBe(1);
        exit.Output.Trim().Split('\n').Length.ShouldBe(1, exit.Output);
        exit.Output.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task Start_OnATakenPort_IsOneLineAndCodeOne()
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-clickhouse-");

        var exit = await StartAndFail("--port", $"{shared.Server.Port}", "--data", folder.FullName);

        exit.Code.ShouldBe(1);
        exit.Output.Trim().Split('\n').Length.ShouldBe(1, exit.Output);
        exit.Output.ShouldContain("address already in use");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_InABrokenFolder_IsOneLineAndCodeOne()
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-clickhouse-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "metadata"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "metadata", "broken.sql"), "this is no SQL");

        var exit = await StartAndFail("--port", "0", "--data", folder.FullName);

        exit.Code.ShouldBe(1);
        exit.Output.Trim().Split('\n').Length.ShouldBe(1, exit.Output);
        exit.Output.ShouldContain("cannot be opened: Code: 62");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_OverAFile_IsOneLineAndCodeOne()
    {
        var path = Path.GetTempFileName();

        var exit = await StartAndFail("--port", "0", "--data", path);

        exit.Code.ShouldBe(1);
        exit.Output.ShouldContain("cannot be created");
        File.Delete(path);
    }

    [Fact]
    public async Task Start_WithoutTheLibrary_SaysHowToGetIt()
    {
        var exit = await StartAndFail("--port", "0", "--data", Path.GetTempPath(), "--library", "/nowhere/libchdb.so");

        exit.Code.ShouldBe(1);
        exit.Output.ShouldContain("there is no library at /nowhere/libchdb.so");
    }

    [Fact]
    public async Task Stop_BesideLongQueries_EndsThemInTime()
    {
        await using var server = await ClickHouseServer.StartAsync();
        const string Sql = "SELECT max(sipHash64(number)) FROM numbers(1000000000000)";
        var queries = Enumerable.Range(0, 4).Select(_ => Reply.Post(server, "/", Sql)).ToList();
        await Until.TrueAsync(async () =>
            await server.Query($"SELECT count() FROM system.processes WHERE query LIKE '{Sql}%'") == "4");
        var clock = Stopwatch.StartNew();

        var exit = await server.StopAsync();

        exit.Code.ShouldBe(0);
        clock.ElapsedMilliseconds.ShouldBeLessThan(10_000);
        exit.Output.TrimEnd().ShouldEndWith("stopped");
        foreach (var query in queries)
            (await query).ErrorCode.ShouldBe("394");
    }

    [Fact]
    public async Task Stop_BesideAShortQuery_LetsItFinish()
    {
        await using var server = await ClickHouseServer.StartAsync();
        var query = server.Query("SELECT sleep(2)");
        await Until.TrueAsync(async () =>
            await server.Query("SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep(2)%'") == "1");

        var exit = await server.StopAsync();

        exit.Code.ShouldBe(0);
        (await query).ShouldBe("0");
    }

    [Fact]
    public async Task Password_Set_IsAskedFor()
    {
        await using var server = await ClickHouseServer.StartAsync(
            environment: new Dictionary<string, string> { [ServerOptions.PasswordVariable] = "s3:cret" });
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("default:s3:cret"));

        (await Reply.Get(server, "?query=SELECT%201")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Ask(server, new("X-ClickHouse-Key", "wrong"), null)).ErrorCode.ShouldBe("516");
        (await Ask(server, null, new("Basic", "%%%"))).ErrorCode.ShouldBe("516");
        (await Ask(server, new("X-ClickHouse-Key", "s3:cret"), null)).Text.ShouldBe("1\n");
        (await Ask(server, null, new("Basic", basic))).Text.ShouldBe("1\n");
        (await Reply.Get(server, "?user=default&password=s3%3Acret&query=SELECT%201")).Text.ShouldBe("1\n");
        (await Reply.Get(server, "/ping")).Text.ShouldBe("Ok.\n");
    }

    [Fact]
    public async Task Server_Idle_CostsHardlyAnyCpu()
    {
        await using var server = await ClickHouseServer.StartAsync();
        await server.Query("SELECT 1");
        using var process = Process.GetProcessById(server.Process.Id);
        // What starting set in motion comes to rest first.
        await Task.Delay(2000);
        process.Refresh();
        var before = process.TotalProcessorTime;

        await Task.Delay(5000);

        process.Refresh();
        var usedMs = (process.TotalProcessorTime - before).TotalMilliseconds;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{usedMs} ms CPU in 5 s, {process.WorkingSet64 >> 20} MiB resident");
        usedMs.ShouldBeLessThan(150);
    }

    private static async Task<Reply> Ask(
        ClickHouseServer server, KeyValuePair<string, string>? header, AuthenticationHeaderValue? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.Address);
        request.Content = new StringContent("SELECT 1");
        request.Headers.Authorization = authorization;
        if (header is { } added)
            request.Headers.Add(added.Key, added.Value);
        return await Reply.Send(server, request);
    }

    private static async Task<ServerProcessExit> StartAndFail(params string[] arguments)
    {
        await using var process = ServerProcess.Start(ClickHouseServer.ProgramPath, arguments);
        return await process.WaitForExitAsync(RefuseMsMax);
    }
}
