using System.Diagnostics;
using System.Globalization;
using System.Text;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>
/// A real softphone (baresip) without sound card: plays a tone from a file, writes what it hears to another. Driven by
/// its keyboard commands. Owned by one test.
/// </summary>
internal sealed class Softphone : IAsyncDisposable
{
    public const int ToneHz = 440;
    private const string Pcmu = "pcmu";
    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();

    private Softphone(Process process, string folder)
    {
        (_process, _folder) = (process, folder);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits until it has registered.</summary>
    /// <param name="product">Where it registers.</param>
    /// <param name="user">With the usual password.</param>
    /// <param name="transport">udp, tcp or tls.</param>
    /// <param name="viaPort">A port of this machine that leads to the node's; 0 for the node's own.</param>
    /// <param name="isSecure">Over TLS, and with SRTP alone.</param>
    /// <param name="toneHz">What it sends.</param>
    /// <param name="answers">It takes calls by itself.</param>
    /// <param name="codec">The only one it has: pcmu, or a module's as name/rate/channels.</param>
    public static async Task<Softphone> StartAsync(
        Product product, string user, string transport = "udp", int viaPort = 0, bool isSecure = false,
        int toneHz = ToneHz, bool answers = false, string codec = Pcmu)
    {
        var folder = product.NewFolder();
        var port = product.NextPeerPort();
        ToneFile.Write(Path.Combine(folder, "tone.wav"), toneHz, 10);
        // A copy, as its paths may hold no space.
        File.Copy(product.Ca.CaPath, Path.Combine(folder, "ca.pem"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config"),
            Config(port) + (isSecure ? "module srtp.so\n" : "")
            + (codec == Pcmu ? "" : $"module {codec.Split('/')[0]}.so\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "contacts"), "");
        if (isSecure) transport = "tls";
        var node = Text($"127.0.0.1:{(isSecure ? product.SipTlsPort : product.SipPort)};transport={transport}");
        await File.WriteAllTextAsync(Path.Combine(folder, "accounts"),
            $"<sip:{user}@{node}>;auth_user={user};auth_pass={Accounts.Secret};regint=60;audio_codecs={codec}"
            + (isSecure ? ";mediaenc=srtp-mand" : "") + (answers ? ";answermode=auto" : "") + Via(transport, viaPort)
            + "\n");
        var process = Command.Start("baresip", ["-f", folder], new Dictionary<string, string>(), folder);
        var phone = new Softphone(process, folder);
        await phone.SaysAsync("200 OK () [1 binding]");
        return phone;
    }

    /// <summary>Calls a number and waits for the answer.</summary>
    public async Task CallAsync(string uri)
    {
        await DialAsync(uri);
        await SaysAsync("Call established");
    }

    /// <summary>Calls a number, whatever comes of it.</summary>
    public Task DialAsync(string uri) => TypeAsync("/dial " + uri);

    /// <summary>Hangs up and takes its registration back.</summary>
    public async Task LeaveAsync()
    {
        await TypeAsync("/hangup");
        await SaysAsync("terminated");
        await TypeAsync("/quit");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>What it heard: seconds, and how much of that was its own tone.</summary>
    public (double Sec, double ToneShare) Heard => HeardOf(ToneHz);

    /// <summary>The same for another tone.</summary>
    public (double Sec, double ToneShare) HeardOf(int toneHz) =>
        ToneFile.Read(Directory.GetFiles(_folder, "dump-*-dec.wav").ShouldHaveSingleItem(), toneHz);

    /// <summary>Waits until it shows a line with the text.</summary>
    public async Task SaysAsync(string text)
    {
        try
        {
            await Wait.UntilAsync($"softphone says '{text}'", 10_000, () =>
                Task.FromResult(Output.Contains(text, StringComparison.Ordinal)));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{Output}", late);
        }
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task TypeAsync(string command)
    {
        await _process.StandardInput.WriteAsync(command + "\n");
        await _process.StandardInput.FlushAsync();
    }

    private void Keep(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }

    private static string Via(string transport, int port) => port == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $";outbound=\"sip:127.0.0.1:{port};transport={transport}\"");

    private static string Config(int port) => string.Create(CultureInfo.InvariantCulture,
        $"""
        poll_method epoll
        sip_listen 127.0.0.1:{port}
        sip_cafile ca.pem
        net_interface 127.0.0.1
        rtp_ports {port + 2}-{port + 7}
        audio_source aufile,tone.wav
        audio_player aubridge,nowhere
        ausrc_srate 8000
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1
        module_path {ModulePath()}
        module stdio.so
        module g711.so
        module aufile.so
        module aubridge.so
        module sndfile.so
        module_tmp account.so
        module_app menu.so

        """);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string ModulePath() => Directory.Exists("/usr/lib/baresip/modules")
        ? "/usr/lib/baresip/modules"
        : "/usr/local/lib/baresip/modules";
}
