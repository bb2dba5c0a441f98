using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Carriers;

/// <summary>What may go wrong on connections to the running node, and its certificate changing under a call.</summary>
[Collection(ProductCollection.Name)]
public sealed class ConnectionTests(Product product)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_ExchangedDuringACall_ServesNewConnectionsAndKeepsTheCall()
    {
        var line = await product.NewLineAsync();
        await using var kamailio = await Kamailio.StartAsync(product, "tls", line.ShopPorts[0]);
        await MovedTrunk.ToAsync(product, line, "tls", kamailio.Address);
        await using var old = await ConnectTlsAsync();
        var first = old.RemoteCertificate!.GetSerialNumberString();
        var shop = await line.StartShopAsync(Scripts.Answer);
        var target = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{kamailio.Port}");
        var caller = line.StartCaller(
            Scripts.ShortTalk.Replace("pause 300", "pause 3500", StringComparison.Ordinal),
            new SippCallerOptions { Target = target });
        await caller.SeenAsync("SIP/2.0 200");

        var renewed = product.IssueNodeCertificate();
        renewed.ShouldNotBe(first);
        await Wait.UntilAsync("the new certificate is served", 6_000, async () =>
        {
            await using var probe = await ConnectTlsAsync();
            return probe.RemoteCertificate!.GetSerialNumberString() == renewed;
        });
        await old.WriteAsync(Options("still"), Ct);
        (await ReadAsync(old)).ShouldStartWith("SIP/2.0 200");
        await SippRun.SucceedAsync([shop, caller]);
        (await line.RowAsync()).DialStat.ShouldBe("normal");
        (await product.NodeMetricAsync("calltracker_sip_tls_certificate_expiry_seconds"))
            .ShouldBeInRange(29 * 86_400, 30 * 86_400);
    }

    [Fact]
    public async Task Garbage_OnAConnection_EndsThatOneAlone()
    {
        using var good = await ConnectAsync("127.0.0.1");
        using var bad = await ConnectAsync("127.0.0.1");
        var before = await ClosedAsync("garbage");
        var noise = new byte[64 * 1024];
        new Random(7).NextBytes(noise);
        noise[0] = 0;
        bad.Send(noise);
        (await IsEndedAsync(bad)).ShouldBeTrue();
        await Wait.UntilAsync("it is counted", 5_000, async () => await ClosedAsync("garbage") > before);
        await ShouldAnswerAsync(good, "after garbage");
    }

    [Fact]
    public async Task Message_NeverFinished_EndsItsConnection()
    {
        using var slow = await ConnectAsync("127.0.0.1");
        var before = await ClosedAsync("partial_message");
        slow.Send(Encoding.ASCII.GetBytes("INVITE sip:0120000001@127.0.0.1 SIP/2.0\r\nVia: "));
        (await IsEndedAsync(slow)).ShouldBeTrue();
        await Wait.UntilAsync(
            "it is counted", 5_000, async () => await ClosedAsync("partial_message") > before);
    }

    [Fact]
    public async Task Stranger_Connecting_IsClosedUnread()
    {
        // The reset may come before the connect has been reported as done.
        var isRefused = false;
        try
        {
            using var stranger = await ConnectAsync("127.0.0.99");
            isRefused = await IsEndedAsync(stranger);
        }
        catch (SocketException)
        {
            isRefused = true;
        }
        isRefused.ShouldBeTrue();
        (await product.Http.NodePageAsync("/metrics"))
            .ShouldContain("calltracker_sip_connections_refused_total{cause=\"unknown_source\"}");
    }

    [Fact]
    public async Task Request_WithoutContentLength_IsRefusedAndTheConnectionClosed()
    {
        using var peer = await ConnectAsync("127.0.0.1");
        var text = Encoding.ASCII.GetString(Options("bare"));
        peer.Send(Encoding.ASCII.GetBytes(text.Replace("Content-Length: 0\r\n", "", StringComparison.Ordinal)));
        (await ReadAsync(new NetworkStream(peer))).ShouldStartWith("SIP/2.0 400");
        (await IsEndedAsync(peer)).ShouldBeTrue();
    }

    private async Task<double> ClosedAsync(string cause)
        => (await product.Http.NodePageAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(
                $"calltracker_sip_connections_closed_total{{cause=\"{cause}\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static async Task ShouldAnswerAsync(Socket socket, string callId)
    {
        socket.Send(Options(callId.Replace(' ', '-')));
        (await ReadAsync(new NetworkStream(socket))).ShouldStartWith("SIP/2.0 200");
    }

    private static byte[] Options(string callId) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:node SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK{callId}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: {callId}\r\nCSeq: 1 OPTIONS\r\n"
        + "Content-Length: 0\r\n\r\n");

    private async Task<Socket> ConnectAsync(string from, int? port = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port ?? product.SipPort, Ct);
        return socket;
    }

    private async Task<SslStream> ConnectTlsAsync()
    {
        var socket = await ConnectAsync("127.0.0.1", product.SipTlsPort);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = new() };
        options.CertificateChainPolicy.TrustMode =
            System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust;
        options.CertificateChainPolicy.RevocationMode =
            System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck;
        options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(product.Ca.CaPath);
        await stream.AuthenticateAsClientAsync(options, Ct);
        return stream;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(10_000);
        var buffer = new byte[8192];
        var count = await stream.ReadAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    private static async Task<bool> IsEndedAsync(Socket socket)
    {
        try
        {
            while ((await ReadAsync(new NetworkStream(socket))).Length > 0)
            {
            }
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return true;
        }
    }
}
