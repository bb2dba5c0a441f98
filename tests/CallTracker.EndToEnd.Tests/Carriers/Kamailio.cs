using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Carriers;

/// <summary>
/// A Kamailio in front of the node on both sides, as carriers have it: calls for tracking numbers go to the node by one
/// transport, what the node sends for shops goes to a SIPp over UDP. It records its route. Owned by one test.
/// </summary>
internal sealed class Kamailio : IAsyncDisposable
{
    private readonly Lock _noteGate = new();
    private readonly Process _process;
    private readonly string _folder;

    private Kamailio(Process process, string folder, int port, string transport)
    {
        (_process, _folder, Port, Transport) = (process, folder, port, transport);
    }

    /// <summary>UDP and TCP; TLS is on the next one.</summary>
    public int Port { get; }

    public string Transport { get; }

    /// <summary>Where the node reaches it.</summary>
    public string Address =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{(Transport == "tls" ? Port + 1 : Port)}");

    public static async Task<Kamailio> StartAsync(Product product, string transport, int shopPort)
    {
        var port = product.NextPeerPort();
        var folder = product.NewFolder();
        product.Ca.Issue("kamailio", 30, "127.0.0.1").Dispose();
        var nodePort = transport == "tls" ? product.SipTlsPort : product.SipPort;
        File.WriteAllText(Path.Combine(folder, "tls.cfg"), TlsConfig(product));
        var node = $"127.0.0.1:{nodePort};transport={transport}";
        File.WriteAllText(Path.Combine(folder, "kamailio.cfg"), Config(folder, port, node, shopPort));
        // Its run folder must have a short path without spaces: it holds a socket.
        var process = Command.Start(
            "kamailio", ["-f", "kamailio.cfg", "-DD", "-E", "-Y", Path.GetTempPath(), "-m", "32", "-M", "4"],
            new Dictionary<string, string>(StringComparer.Ordinal), folder);
        var kamailio = new Kamailio(process, folder, port, transport);
        process.OutputDataReceived += kamailio.Note;
        process.ErrorDataReceived += kamailio.Note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Wait.UntilAsync("Kamailio listens", 15_000, () => Task.FromResult(kamailio.IsListening()));
        return kamailio;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private bool IsListening()
    {
        if (_process.HasExited) throw new InvalidOperationException($"Kamailio ended: see {_folder}/log");
        try
        {
            using var probe = new TcpClient("127.0.0.1", Port + 1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_noteGate) File.AppendAllText(Path.Combine(_folder, "log"), line.Data + "\n");
    }

    private static string TlsConfig(Product product) =>
        $"""
        [server:default]
        method = TLSv1.2+
        verify_certificate = no
        private_key = "{product.Ca.PathOf("kamailio.key")}"
        certificate = "{product.Ca.PathOf("kamailio.pem")}"
        ca_list = "{product.Ca.CaPath}"
        [client:default]
        method = TLSv1.2+
        verify_certificate = yes
        require_certificate = yes
        ca_list = "{product.Ca.CaPath}"

        """;

    private static string Config(string folder, int port, string node, int shopPort) =>
        $$"""
        #!KAMAILIO
        debug=1
        log_stderror=yes
        fork=yes
        children=2
        tcp_children=2
        auto_aliases=no
        dns=no
        enable_tls=yes
        listen=udp:127.0.0.1:{{port}}
        listen=tcp:127.0.0.1:{{port}}
        listen=tls:127.0.0.1:{{port + 1}}
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "textops.so"
        loadmodule "siputils.so"
        loadmodule "tls.so"
        modparam("tls", "config", "{{folder}}/tls.cfg")
        modparam("rr", "enable_double_rr", 1)
        request_route {
            if (is_method("CANCEL")) {
                if (t_check_trans()) t_relay();
                exit;
            }
            if (has_totag()) {
                if (loose_route()) t_relay();
                else if (is_method("ACK") && t_check_trans()) t_relay();
                exit;
            }
            if (!is_method("INVITE")) {
                sl_send_reply("200", "OK");
                exit;
            }
            record_route();
            if ($rU =~ "^05") $du = "sip:{{node}}";
            else $du = "sip:127.0.0.1:{{shopPort}}";
            t_relay();
        }

        """;
}
