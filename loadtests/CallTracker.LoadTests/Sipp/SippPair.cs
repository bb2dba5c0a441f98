using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Sipp;

/// <summary>SIPp as caller and as shop, for a plan: the independent witness of the own driver. Used once.</summary>
/// <param name="plan">The calls.</param>
/// <param name="folder">Takes its files.</param>
/// <param name="hasRtp">Audio by the caller, echoed by the shop.</param>
/// <param name="callerFile">The caller's scenario; <c>flood.xml</c> takes refusals and counts them.</param>
internal sealed partial class SippPair(CallPlan plan, string folder, bool hasRtp, string callerFile = "caller.xml")
{
    /// <summary>
    /// Ahead of what it tests: where both share a machine, SIPp that waits for a core answers late. Counts only within
    /// its session where the kernel shares out the cores by session (decision 0056).
    /// </summary>
    public const int Ahead = -10;

    private const int AudioBytes = 8000;
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const byte SilentAlaw = 0xD5;

    /// <summary>Its processes' priority, of nice(1); below zero wants root, and is as zero without.</summary>
    public int Nice { get; init; }

    /// <summary>Places the calls; what SIPp's caller counted.</summary>
    /// <param name="change">Another rate from some time on; the plan's count is of both.</param>
    public async Task<SippResult> RunAsync(RateChange? change = null)
    {
        if (!Shell.Exists("sipp")) throw new LoadTestException("sipp is missing; ops/lib/install demo installs it");
        await WriteFilesAsync();
        string[] echo = hasRtp ? ["-rtp_echo"] : [];
        // A BYE repeated from an earlier run counts as a call for SIPp; the shop must not leave one call early for it.
        using var shop = Start("shop", plan.Shop.Port, [
            "-m", Text(plan.Count * 2), "-trace_stat", "-stf", "shop.csv", "-fd", "1", .. echo]);
        await Task.Delay(500);
        var slowest = Math.Min(plan.RatePerSec, change?.RatePerSec ?? plan.RatePerSec);
        var limitSec = (plan.Count / slowest * 1.5) + (plan.HoldMs / 1000.0) + 60;
        string[] control = change is null ? [] : ["-cp", Text(change.Control.Port)];
        using var caller = Start(
            "caller", plan.Caller.Port, [.. control,
            "-m", Text(plan.Count), "-r", Text(plan.RatePerSec), "-d", Text(plan.HoldMs),
            "-inf", "callers.csv", "-s", plan.Number, "-l", Text(plan.Count), "-trace_stat", "-stf", "caller.csv",
            "-fd", "1", "-timeout", $"{limitSec:F0}s", plan.Node.ToString()]);
        if (change is not null) await change.RunAsync();
        var code = await EndAsync(caller, TimeSpan.FromSeconds(limitSec + 10));
        // Time for its last answers; by itself it waits for more calls.
        await EndAsync(shop, TimeSpan.FromSeconds(2));
        return ReadResult(code);
    }

    private async Task WriteFilesAsync()
    {
        var source = Path.Combine(ProductRun.FindRoot(), "loadtests", "CallTracker.LoadTests", "Sipp");
        var caller = await File.ReadAllTextAsync(Path.Combine(source, callerFile));
        if (!hasRtp) caller = RtpPart().Replace(caller, "").Replace("rtpstream_audio", "media", Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "caller.xml"), caller);
        File.Copy(Path.Combine(source, "shop.xml"), Path.Combine(folder, "shop.xml"), overwrite: true);
        var numbers = Enumerable.Range(0, plan.Count).Select(call => plan.CallerNumber(call) + ";");
        await File.WriteAllLinesAsync(Path.Combine(folder, "callers.csv"), ["SEQUENTIAL", .. numbers]);
        var audio = new byte[AudioBytes];
        Array.Fill(audio, SilentAlaw);
        await File.WriteAllBytesAsync(Path.Combine(folder, "audio.pcma"), audio);
    }

    private Process Start(string name, int port, params string[] rest)
    {
        var process = Shell.Start(
            ["nice", "-n", Text(Nice), "sipp", "-sf", $"{name}.xml", "-i", "127.0.0.1", "-mi", "127.0.0.1",
                "-p", Text(port), "-mp", Text(port + 2), "-nostdin", "-buff_size", "4000000", "-trace_err",
                "-error_file", $"{name}.err", .. rest],
            folder, environment: null);
        // Its screen is not read, but the pipe must not fill up.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> EndAsync(Process process, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return process.ExitCode;
    }

    private SippResult ReadResult(int code)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "caller.csv"));
        if (lines.Length < 2) throw new LoadTestException($"sipp wrote no figures, exit code {code}; see {folder}");
        var cells = new SippCells(lines);
        return new SippResult(
            cells.Total("SuccessfulCall"), cells.Total("FailedCall"), cells.Total("Retransmissions"), cells.Seconds())
        {
            ShopRetransmissions = ReadShop(),
        };
    }

    // To its last whole second: it is killed.
    private int ReadShop()
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "shop.csv"));
        return lines.Length < 2 ? 0 : new SippCells(lines).Total("Retransmissions");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("<!-- RTP -->.*?<!-- END -->", RegexOptions.Singleline)]
    private static partial Regex RtpPart();
}
