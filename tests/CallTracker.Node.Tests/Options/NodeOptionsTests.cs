using System.Net;
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
        options.Transport.Advertised.ShouldBe([IPAddress.Loopback]);
        (options.SipPort, options.HttpPort, options.RtpPortFirst, options.RtpPortLast).ShouldBe((5060, 8081, 20000,
            29999));
        options.Redis.ShouldBe("127.0.0.1:6380");
        options.ClickHouse.ShouldBe(new Uri("http://127.0.0.1:8123/"));
    }

    [Fact]
    public void Options_PortsSet_ReachTheAddresses()
    {
        var options = Read(("CALLTRACKER_REDIS_PORT", "7000"), ("CALLTRACKER_CLICKHOUSE_PORT", "9000"),
            ("CALLTRACKER_BIND", "127.0.0.2"), ("CALLTRACKER_RTP_PORTS", "30000-30099"), ("CALLTRACKER_WORKERS", "3"));
        options.Redis.ShouldBe("127.0.0.1:7000");
        options.ClickHouse.Port.ShouldBe(9000);
        options.Transport.Advertised.ShouldBe([IPAddress.Parse("127.0.0.2")]);
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
    public void Options_BadValue_IsNamedInOneLine(string name, string value)
    {
        var exception = Should.Throw<OptionException>(() => Read((name, value)));
        exception.Message.ShouldContain(name);
        exception.Message.ShouldNotContain("\n");
    }

    private static NodeOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptions.From(new EnvironmentReader(name => settings.FirstOrDefault(s => s.Name == name).Value));
}
