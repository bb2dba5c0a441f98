using System.Net;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Tests.Kit;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Operation;

/// <summary>The program itself: its command line, its environment, its end.</summary>
public sealed class ProgramTests(Stack stack)
{
    private static readonly string Program =
        RepositoryPaths.Program("controlplane/CallTracker.ControlPlane", "CallTracker.ControlPlane");

    [Fact]
    public async Task Bootstrap_RunTwice_KeepsTheKeyAndTheOperator()
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-boot-").FullName;
        var keyFile = Path.Combine(folder, "sub", "operator.key");
        string[] arguments = ["bootstrap-operator", "--name", "boot " + Guid.NewGuid(), "--key-file", keyFile];
        var first = await RunAsync(arguments);
        first.Code.ShouldBe(0, first.Output);
        var key = await File.ReadAllTextAsync(keyFile);
        File.GetUnixFileMode(keyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        first.Output.ShouldNotContain(key.Trim());

        var second = await RunAsync(arguments);

        second.Output.ShouldBe(first.Output);
        (await File.ReadAllTextAsync(keyFile)).ShouldBe(key);
        (await stack.Client(key.Trim()).GetAsync("/v1/trunks")).Expect(HttpStatusCode.OK);
        // A key that Redis has forgotten is put in force again, for the same operator.
        await stack.Redis.CommandAsync("DEL", "ct:apikey:" + CallTracker.ControlPlane.Auth.ApiKeyText.Hash(key.Trim()));
        (await RunAsync(arguments)).Output.ShouldBe(first.Output);
        (await stack.Client(key.Trim()).GetAsync("/v1/trunks")).Expect(HttpStatusCode.OK);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Arguments_ThatAreWrong_EndInOneClearLine()
    {
        (await RunAsync(["bootstrap-operator", "--name", "x"])).ShouldSatisfyAllConditions(
            e => e.Code.ShouldBe(2), e => e.Output.ShouldContain("usage:"));
        (await RunAsync(["dance"])).Code.ShouldBe(2);
        var badPort = await RunAsync([], new() { ["CALLTRACKER_API_PORT"] = "http" });
        badPort.Code.ShouldBe(2);
        badPort.Output.ShouldContain("CALLTRACKER_API_PORT");
    }

    [Fact]
    public async Task Terminate_WithAnOpenStream_EndsCleanly()
    {
        var tenant = await stack.NewTenantAsync();
        var port = FreePort();
        await using var process = ServerProcess.Start(Program, [], Environment(port));
        var client = new ApiClient(new Uri($"http://127.0.0.1:{port}/"), tenant.Admin.Key);
        await Stack.UntilAsync("up", async () =>
        {
            process.HasExited.ShouldBeFalse(process.Output);
            try
            {
                return (await client.GetAsync("/readyz")).Status == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        using var events = await client.StreamAsync("/v1/calls/stream");

        var exit = await process.StopAsync(waitMsMax: 15_000);

        exit.Code.ShouldBe(0, exit.Output);
        (await events.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public void Options_FromEnvironment_HaveTheFixedNamesAndDefaults()
    {
        var options = ControlPlaneOptions.FromEnvironment(_ => null);
        (options.ApiPort, options.Redis, options.ClickHouse.Address.ToString(), options.RunDirectory)
            .ShouldBe((8080, "127.0.0.1:6380", "http://127.0.0.1:8123/", ".run"));
        var given = ControlPlaneOptions.FromEnvironment(name => name switch
        {
            "CALLTRACKER_REDIS" => "redis.example:6379,password=x",
            "CALLTRACKER_CLICKHOUSE_URL" => "https://us%40er:pa%3Ass@ch.example:8443/",
            "CALLTRACKER_BIND" => "0.0.0.0",
            _ => null,
        });
        given.Redis.ShouldBe("redis.example:6379,password=x");
        (given.ClickHouse.Address.ToString(), given.ClickHouse.User, given.ClickHouse.Password)
            .ShouldBe(("https://ch.example:8443/", "us@er", "pa:ss"));
        Should.Throw<FormatException>(() =>
            ControlPlaneOptions.FromEnvironment(n => n == "CALLTRACKER_BIND" ? "x" : null));
    }

    private async Task<ServerProcessExit> RunAsync(string[] arguments, Dictionary<string, string>? more = null)
    {
        var environment = Environment(FreePort());
        foreach (var (name, value) in more ?? []) environment[name] = value;
        await using var process = ServerProcess.Start(Program, arguments, environment);
        return await process.WaitForExitAsync(30_000);
    }

    private Dictionary<string, string> Environment(int port) => new()
    {
        ["CALLTRACKER_RUN_DIR"] = stack.Options.RunDirectory,
        ["CALLTRACKER_API_PORT"] = $"{port}",
        ["CALLTRACKER_REDIS_PORT"] = $"{stack.Redis.Port}",
        ["CALLTRACKER_CLICKHOUSE_PORT"] = $"{stack.ClickHouseServer.Port}",
    };

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
