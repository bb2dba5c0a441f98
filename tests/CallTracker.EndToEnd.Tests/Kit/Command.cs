using System.Diagnostics;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>Runs a program to its end and keeps what it says. Stateless.</summary>
internal static class Command
{
    /// <summary>Runs it; one that takes longer is killed, which is an error.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment,
        int limitSec = 180, string input = "")
    {
        using var process = Start(program, arguments, environment);
        var output = new StringBuilder();
        var reading = Task.WhenAll(Collect(process.StandardOutput, output), Collect(process.StandardError, output));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(limitSec));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} was not done after {limitSec} s; it said:\n{output}", late);
        }
        // A service left behind may hold the pipe open for ever: what was said until now is enough.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None));
        lock (output) return new CommandResult(process.ExitCode, output.ToString());
    }

    /// <summary>Starts it and returns at once.</summary>
    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment,
        string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    private static async Task Collect(StreamReader from, StringBuilder into)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (into) into.AppendLine(line);
        }
    }
}
