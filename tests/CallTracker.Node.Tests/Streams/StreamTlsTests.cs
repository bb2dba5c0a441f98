using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CallTracker.Node.Options;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using Microsoft.Extensions.Logging.Abstractions;
using CallTracker.TestKit;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>TLS both ways: who is believed, who is not, and certificates that change.</summary>
public sealed class StreamTlsTests : IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Peer_OverTls_IsHeardAndAnsweredOnItsConnection(SslProtocols protocol)
    {
        using var rig = new StreamRig(tls: Server());
        await using var peer = await ConnectAsync(rig, protocol: protocol);
        await peer.WriteAsync(StreamRig.Bytes(StreamRig.Options("tls", "TLS")), Ct);
        var (_, text, flow) = rig.Take();
        flow.Kind.ShouldBe(SipTransportKind.Tls);
        rig.Send(flow, StreamRig.Answer(text)).ShouldBeTrue();
        (await ReadAsync(peer)).ShouldStartWith("SIP/2.0 200 OK");
    }

    [Fact]
    public async Task Handshake_OfAnOldProtocolOrOfNoise_IsRefused()
    {
        using var rig = new StreamRig(tls: Server());
#pragma warning disable SYSLIB0039, CA5397 // The old protocol is what is refused here.
        await Should.ThrowAsync<Exception>(() => ConnectAsync(rig, protocol: SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        using var noise = StreamRig.Connect(rig.Tls);
        noise.Send(StreamRig.Bytes(StreamRig.Options("plain")));
        StreamRig.IsEnded(noise).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.HandshakeFailed) >= 1);
        rig.HasMail().ShouldBeFalse();
    }

    [Fact]
    public void Handshake_ThatNeverBegins_EndsInTime()
    {
        using var rig = new StreamRig(new StreamSettings { HandshakeMsMax = 200 }, Server());
        using var silent = StreamRig.Connect(rig.Tls);
        StreamRig.IsEnded(silent).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.HandshakeFailed) == 1);
    }

    [Theory]
    [InlineData("Require", false, false)]
    [InlineData("Require", true, true)]
    [InlineData("Request", false, true)]
    [InlineData("Request", true, true)]
    public async Task ClientCertificate_AsAskedFor_Decides(string auth, bool brings, bool isTaken)
    {
        var settings = Server() with { ClientAuth = Enum.Parse<TlsClientAuth>(auth) };
        using var rig = new StreamRig(tls: settings);
        using var own = _ca.Issue("client", 5, "carrier.example");
        (await TryTalkAsync(rig, brings ? own : null)).ShouldBe(isTaken);
    }

    [Fact]
    public async Task ClientCertificate_OfAStrangersRoot_IsRefused()
    {
        using var other = new TestCa();
        using var stranger = other.Issue("client", 5, "carrier.example");
        foreach (var auth in new[] { TlsClientAuth.Require, TlsClientAuth.Request })
        {
            using var rig = new StreamRig(tls: Server() with { ClientAuth = auth });
            (await TryTalkAsync(rig, stranger)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "", true)]
    [InlineData("sip.carrier.example", "sip.carrier.example", true)]
    [InlineData("sip.carrier.example", "", false)]
    [InlineData("other.example", "sip.carrier.example", false)]
    public async Task Trunk_OverTls_MustHaveACertificateForItsName(string issuedFor, string configured, bool isTaken)
    {
        using var certificate = _ca.Issue("trunk", 5, issuedFor);
        using var listener = StreamSendTests.Listen();
        var trunk = StreamSendTests.EndpointOf(listener);
        using var rig = new StreamRig(
            tls: new TlsSettings { CaPath = _ca.CaPath },
            trunks: [StreamRig.Known(trunk.Address, trunk.Port, SipTransportKind.Tls, configured)]);
        var served = ServeAsync(listener, certificate);
        rig.Send(StreamRig.FlowTo(SipTransportKind.Tls, trunk), StreamRig.Options("out", "TLS")).ShouldBeTrue();
        if (isTaken)
        {
            (await served).ShouldContain("Call-ID: out");
            return;
        }
        rig.Take().Kind.ShouldBe(WorkerMessageKind.SendFailed);
        rig.Hub.Counters.Failures(ConnectFailure.Tls).ShouldBe(1);
        (await served).ShouldBe("");
    }

    [Fact]
    public async Task Trunk_OfAStrangersRoot_IsRefusedUnlessVerifyingIsOff()
    {
        using var other = new TestCa();
        using var certificate = other.Issue("trunk", 5, "127.0.0.1");
        foreach (var verify in new[] { true, false })
        {
            using var listener = StreamSendTests.Listen();
            var trunk = StreamSendTests.EndpointOf(listener);
            using var rig = new StreamRig(tls: new TlsSettings { CaPath = _ca.CaPath, Verify = verify });
            var served = ServeAsync(listener, certificate);
            rig.Send(StreamRig.FlowTo(SipTransportKind.Tls, trunk), StreamRig.Options("out", "TLS")).ShouldBeTrue();
            (await served).ShouldBe(verify ? "" : StreamRig.Options("out", "TLS"));
        }
    }

    [Fact]
    public async Task Certificate_Exchanged_ServesTheNextConnectionAndKeepsTheOld()
    {
        using var rig = new StreamRig(tls: Server());
        await using var old = await ConnectAsync(rig);
        var first = old.RemoteCertificate!.GetSerialNumberString();
        File.WriteAllText(_ca.PathOf("node.pem"), "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n");
        rig.Hub.Tls.CheckFiles();
        (rig.Hub.Tls.Reloads, rig.Hub.Tls.FailedReloads).ShouldBe((0, 1));
        rig.Hub.Tls.CheckFiles();
        rig.Hub.Tls.FailedReloads.ShouldBe(1, "told once, not at every look");
        await using (var meanwhile = await ConnectAsync(rig))
            meanwhile.RemoteCertificate!.GetSerialNumberString().ShouldBe(first);

        using var renewed = _ca.Issue("node", 9, "127.0.0.1");
        rig.Hub.Tls.CheckFiles();
        rig.Hub.Tls.Reloads.ShouldBe(1);
        await using var next = await ConnectAsync(rig);
        next.RemoteCertificate!.GetSerialNumberString().ShouldBe(renewed.SerialNumber);
        rig.Hub.Tls.ExpirySec.ShouldBeInRange(8.9 * 86_400, 9 * 86_400);
        await old.WriteAsync(StreamRig.Bytes(StreamRig.Options("still", "TLS")), Ct);
        rig.Take().Text.ShouldContain("Call-ID: still");
    }

    [Fact]
    public void Certificate_ThatHasExpired_IsNotTaken()
    {
        var settings = Server();
        using var tls = new StreamTls(settings, new Core.Time.SystemClock(), NullLogger.Instance);
        _ca.Issue("node", -1, "127.0.0.1").Dispose();
        tls.CheckFiles();
        tls.FailedReloads.ShouldBe(1);
        tls.ExpirySec.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("missing.pem", "node.key", "ca.pem")]
    [InlineData("node.pem", "missing.key", "ca.pem")]
    [InlineData("node.pem", "other.key", "ca.pem")]
    [InlineData("node.pem", "node.key", "node.key")]
    public void Files_OfNoUseAtStart_AreSaidInOneLine(string certificate, string key, string ca)
    {
        Server();
        _ca.Issue("other", 5, "127.0.0.1").Dispose();
        var settings = new TlsSettings
        {
            CertificatePath = _ca.PathOf(certificate),
            KeyPath = _ca.PathOf(key),
            CaPath = _ca.PathOf(ca),
        };
        var refusal = Should.Throw<OptionException>(
            () => new StreamTls(settings, new Core.Time.SystemClock(), NullLogger.Instance));
        refusal.Message.ShouldStartWith("TLS cannot be used: ");
        refusal.Message.ShouldNotContain("\n");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TlsSettings Server()
    {
        _ca.Issue("node", 5, "127.0.0.1").Dispose();
        return new TlsSettings
        {
            CertificatePath = _ca.PathOf("node.pem"),
            KeyPath = _ca.PathOf("node.key"),
            CaPath = _ca.CaPath,
            CheckMs = 3_600_000,
        };
    }

    private async Task<SslStream> ConnectAsync(
        StreamRig rig, X509Certificate2? own = null, SslProtocols protocol = SslProtocols.None)
    {
        var stream = new SslStream(new NetworkStream(StreamRig.Connect(rig.Tls), ownsSocket: true));
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(_ca.CaPath);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = protocol,
                CertificateChainPolicy = policy,
                ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, null, true),
            },
            Ct);
        return stream;
    }

    // With TLS 1.3 the client hears of its certificate's refusal only when it reads.
    private async Task<bool> TryTalkAsync(StreamRig rig, X509Certificate2? own)
    {
        try
        {
            await using var peer = await ConnectAsync(rig, own);
            await peer.WriteAsync("\r\n\r\n"u8.ToArray(), Ct);
            return await peer.ReadAsync(new byte[16], Ct) == 2;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    // What one TLS client sends first; empty when its handshake fails.
    private static async Task<string> ServeAsync(Socket listener, X509Certificate2 certificate)
    {
        using var socket = await listener.AcceptAsync(Ct);
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsServerAsync(certificate);
            return await ReadAsync(stream);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "";
        }
    }

    private static async Task<string> ReadAsync(SslStream stream)
    {
        var buffer = new byte[8192];
        var count = await stream.ReadAsync(buffer, Ct);
        return System.Text.Encoding.Latin1.GetString(buffer, 0, count);
    }
}
