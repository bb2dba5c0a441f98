using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Media;

/// <summary>The packet generator in C (rtpload.c), compiled when its source is there. One scenario's.</summary>
internal sealed class RtpLoad
{
    private const int WarmUpSec = 3;
    private static readonly TimeSpan CompileLimit = TimeSpan.FromSeconds(120);
    private readonly string _program;

    private RtpLoad(string program) => _program = program;

    /// <summary>Null when there is no source or no compiler: the own generator has to do.</summary>
    public static async Task<RtpLoad?> TryMakeAsync(LoadOptions options, string folder)
    {
        var source = Path.GetFullPath(Path.Combine(options.BenchFolder, "rtpload.c"), ProductRun.FindRoot());
        if (!File.Exists(source) || !Shell.Exists("cc")) return null;
        var program = Path.Combine(folder, "rtpload");
        var (code, output) = await Shell.RunAsync(
            ["cc", "-O2", "-pthread", source, "-o", program], folder, environment: null, CompileLimit);
        return code == 0 ? new RtpLoad(program) : throw new LoadTestException($"rtpload.c: {output}");
    }

    public async Task<RtpResult> RunAsync(string pairs, int secs, int nodePid)
    {
        var seconds = secs.ToString(CultureInfo.InvariantCulture);
        var pid = nodePid.ToString(CultureInfo.InvariantCulture);
        var warmUp = WarmUpSec.ToString(CultureInfo.InvariantCulture);
        var (code, output) = await Shell.RunAsync(
            [_program, "-f", pairs, "-r", "50", "-d", seconds, "-w", warmUp, "-V", "-P", pid],
            Path.GetDirectoryName(_program)!, environment: null, TimeSpan.FromSeconds(secs + 60));
        var json = output[Math.Max(0, output.IndexOf('{'))..];
        if (code != 0) throw new LoadTestException($"rtpload: {output}");
        return JsonSerializer.Deserialize<RtpResult>(json) ?? new RtpResult();
    }
}
