using System.Diagnostics;

namespace CallTracker.LoadTests.Product;

/// <summary>Runs programs to their end, with a bound on their time. Stateless.</summary>
internal static class Shell
{
    /// <summary>Runs a program and gives its exit code and what it wrote; ends it when it takes too long.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string>? environment, TimeSpan limit,
        CancellationToken end = default)
    {
        using var process = Start(command, folder, environment);
        // Read while it runs, or it blocks on a full pipe.
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(end);
        timer.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            var why = end.IsCancellationRequested ? "interrupted" : $"not done after {limit.TotalSeconds:F0} s";
            throw new LoadTestException($"{command[0]}: {why}");
        }
        return (process.ExitCode, await output + await errors);
    }

    public static Process Start(
        IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new LoadTestException($"cannot start {command[0]}");
        process.StandardInput.Close();
        return process;
    }

    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
