using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Safety;

/// <summary>spray.c at work, from its start until it is ended. One scenario's.</summary>
internal sealed class SprayProgram : IDisposable
{
    private const int SecsMax = 600;
    private readonly Process _process;

    private SprayProgram(Process process) => _process = process;

    /// <summary>Compiles it.</summary>
    /// <param name="folder">Where the program goes.</param>
    public static async Task<string> CompileAsync(string folder)
    {
        var source = Path.Combine(ProductRun.FindRoot(), "loadtests", "CallTracker.LoadTests", "Safety", "spray.c");
        var program = Path.Combine(folder, "spray");
        var (code, output) = await Shell.RunAsync(
            ["cc", "-O2", source, "-o", program], folder, environment: null, TimeSpan.FromSeconds(60));
        return code == 0 ? program : throw new LoadTestException($"spray.c: {output}");
    }

    /// <summary>Sprays all media ports of the node until it is ended.</summary>
    public static SprayProgram Start(string program, LoadOptions options)
    {
        string[] command =
        [
            program, "127.0.0.1", Text(options.RtpPort), Text(options.RtpPortLast), Text(options.MediaPort),
            Text(options.SprayPerSec), Text(SecsMax),
        ];
        var process = Shell.Start(command, "/", environment: null);
        if (process.StandardOutput.ReadLine() == "ready") return new SprayProgram(process);
        throw new LoadTestException($"spray: {process.StandardError.ReadToEnd().Trim()}");
    }

    public SprayResult End()
    {
        using (var kill = Shell.Start(["kill", "-TERM", Text(_process.Id)], "/", environment: null)) kill.WaitForExit();
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return JsonSerializer.Deserialize<SprayResult>(output) ?? new SprayResult();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
