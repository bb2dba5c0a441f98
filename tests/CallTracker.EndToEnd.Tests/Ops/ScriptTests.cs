using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.TestKit.Servers;

namespace CallTracker.EndToEnd.Tests.Ops;

/// <summary>
/// ops/run and ops/stop when something is in the way: one clear line, and nothing of others is touched.
/// </summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _runDir = Directory.CreateTempSubdirectory("calltracker ops ").FullName;

    [Fact]
    public async Task Run_WithAPortOfAnotherProgram_NamesThePort()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var result = await RunAsync("ops/run", ["--no-build", "--detach", "redis"], ("CALLTRACKER_REDIS_PORT", port));
        result.Code.ShouldBe(1);
        result.Output.Trim().Split('\n').Length.ShouldBe(1, result.Output);
        result.Output.ShouldContain($"port {port} ");
        result.Output.ShouldContain("CALLTRACKER_REDIS_PORT");
    }

    [Theory]
    [InlineData("CALLTRACKER_SIP_PORT", "70000")]
    [InlineData("CALLTRACKER_API_PORT", "http")]
    [InlineData("CALLTRACKER_RTP_PORTS", "20000")]
    public async Task Run_WithAWrongSetting_NamesTheSetting(string name, string value)
    {
        var result = await RunAsync("ops/run", ["--no-build", "redis"], (name, value));
        result.Code.ShouldBe(1);
        result.Output.ShouldContain(name);
    }

    [Theory]
    [InlineData("ops/run")]
    [InlineData("ops/stop")]
    public async Task Script_WithAnUnknownService_NamesTheServices(string script)
    {
        var result = await RunAsync(script, ["kitchen"]);
        result.Code.ShouldBe(1);
        result.Output.ShouldContain("redis clickhouse controlplane node");
    }

    [Fact]
    public async Task Stop_WithAStalePidFile_LeavesTheStrangerAlone()
    {
        using var stranger = Command.Start("sleep", ["100"], new Dictionary<string, string>(StringComparer.Ordinal));
        var file = Path.Combine(_runDir, "node.pid");
        await File.WriteAllTextAsync(file, stranger.Id.ToString(CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(file + ".since", "another-boot 12345");
        var result = await RunAsync("ops/stop", []);
        result.Code.ShouldBe(0, result.Output);
        result.Output.ShouldContain("nothing runs");
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_runDir, recursive: true);

    private Task<CommandResult> RunAsync(
        string script, IEnumerable<string> arguments, params (string Name, string Value)[] settings)
    {
        var environment =
            settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        environment["CALLTRACKER_RUN_DIR"] = _runDir;
        return Command.RunAsync(Path.Combine(RepositoryPaths.Root, script), arguments, environment);
    }
}
