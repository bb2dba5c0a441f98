using System.Diagnostics;

namespace CallTracker.ControlPlane.Tests.Metrics;

/// <summary>Runs Prometheus' own checker over an exposition.</summary>
internal static class Promtool
{
    public static async Task<(int ExitCode, string Output)> CheckAsync(string exposition)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(exposition);
        promtool.StandardInput.Close();
        var errors = promtool.StandardError.ReadToEndAsync();
        var output = await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, output + await errors);
    }
}
