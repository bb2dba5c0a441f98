using System.Net;
using CallTracker.Calls.Ringback;
using CallTracker.Node.Options;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Options;

/// <summary>The node's settings.</summary>
public sealed class NodeOptionsTests
{
    [Fact]
    public void Options_NothingSet_AreTheFixedDefaults()
    {
        var options = Read();
        options.Bind.ShouldBe(IPAddress.Loopback);
        options.Advertise.ShouldBe(IPAddress.Loopback);
        (options.SipPort, options.HttpPort, options.RtpPortFirst, options.RtpPortLast).ShouldBe((5060, 8081, 20000,
            29999));
        options.Redis.ShouldBe("127.0.0.1:6380");
        options.ClickHouse.ShouldBe(new Uri("http://127.0.0.1:8123/"));
        (options.Stir.AnchorFolder, options.Stir.KeyFile, options.Stir.CertificateUrl).ShouldBe((null, null, null));
        (options.Stir.AllowsLoopback, options.StirMsMax, options.Stir.FetchMsMax).ShouldBe((false, 1500, 1000));
        options.Ringback.ShouldBe(RingbackMode.Auto);
    }

    [Fact]
    public void Options_OfStirAndRingback_ReachTheirPlaces()
    {
        var options = Read(("CALLTRACKER_STIR_CA", "/etc/stir"), ("CALLTRACKER_STIR_KEY", "/etc/stir.key"),
            ("CALLTRACKER_STIR_X5U", "https://cert.example.org/c.pem"), ("CALLTRACKER_STIR_MS", "3000"),
            ("CALLTRACKER_RINGBACK", "off"));
        (options.Stir.AnchorFolder, options.Stir.KeyFile).ShouldBe(("/etc/stir", "/etc/stir.key"));
        options.Stir.CertificateUrl.ShouldBe(new Uri("https://cert.example.org/c.pem"));
        (options.StirMsMax, options.Stir.FetchMsMax).ShouldBe((3000, 2000));
        options.Ringback.ShouldBe(RingbackMode.Off);
    }

    [Fact]
    public void Options_PortsSet_ReachTheAddresses()
    {
        var options = Read(("CALLTRACKER_REDIS_PORT", "7000"), ("CALLTRACKER_CLICKHOUSE_PORT", "9000"),
            ("CALLTRACKER_BIND", "127.0.0.2"), ("CALLTRACKER_RTP_PORTS", "30000-30099"), ("CALLTRACKER_WORKERS", "3"));
        options.Redis.ShouldBe("127.0.0.1:7000");
        options.ClickHouse.Port.ShouldBe(9000);
        options.Advertise.ToString().ShouldBe("127.0.0.2");
        (options.RtpPortFirst, options.RtpPortLast, options.Workers).ShouldBe((30000, 30099, 3));
    }

    [Theory]
    [InlineData("CALLTRACKER_SIP_PORT", "0")]
    [InlineData("CALLTRACKER_SIP_PORT", "65536")]
    [InlineData("CALLTRACKER_SIP_PORT", "sip")]
    [InlineData("CALLTRACKER_SIP_PORT", "-1")]
    [InlineData("CALLTRACKER_BIND", "localhost")]
    [InlineData("CALLTRACKER_RTP_PORTS", "20000")]
    [InlineData("CALLTRACKER_RTP_PORTS", "30000-20000")]
    [InlineData("CALLTRACKER_RTP_PORTS", "80-90")]
    [InlineData("CALLTRACKER_WORKERS", "65")]
    [InlineData("CALLTRACKER_CLICKHOUSE_URL", "not a url")]
    [InlineData("CALLTRACKER_STIR_X5U", "not a url")]
    [InlineData("CALLTRACKER_STIR_MS", "99")]
    [InlineData("CALLTRACKER_STIR_TEST_HTTP", "2")]
    [InlineData("CALLTRACKER_RINGBACK", "loud")]
    public void Options_BadValue_IsNamedInOneLine(string name, string value)
    {
        var exception = Should.Throw<OptionException>(() => Read((name, value)));
        exception.Message.ShouldContain(name);
        exception.Message.ShouldNotContain("\n");
    }

    private static NodeOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptions.From(new EnvironmentReader(name => settings.FirstOrDefault(s => s.Name == name).Value));
}
