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
        options.Advertise.ShouldBe(IPAddress.Loopback);
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
        options.Advertise.ToString().ShouldBe("127.0.0.2");
        (options.RtpPortFirst, options.RtpPortLast, options.Workers).ShouldBe((30000, 30099, 3));
    }

    [Theory]
    [InlineData("md5", true, false)]
    [InlineData("sha256", false, true)]
    [InlineData("both", true, true)]
    public void Options_DigestSet_ReachesTheWorkers(string digest, bool offersMd5, bool offersSha256)
    {
        var access = Read(("CALLTRACKER_DIGEST", digest), ("CALLTRACKER_REALM", "sip.example"),
            ("CALLTRACKER_WORKERS", "3")).ToAccess();
        (access.OffersMd5, access.OffersSha256, access.WorkerCount).ShouldBe((offersMd5, offersSha256, 3));
        access.Realm.ShouldBe("sip.example"u8.ToArray());
        Read().ToAccess().OffersSha256.ShouldBeFalse();
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
    [InlineData("CALLTRACKER_DIGEST", "md4")]
    [InlineData("CALLTRACKER_REALM", "two words")]
    [InlineData("CALLTRACKER_REALM", "a\"b")]
    public void Options_BadValue_IsNamedInOneLine(string name, string value)
    {
        var exception = Should.Throw<OptionException>(() => Read((name, value)));
        exception.Message.ShouldContain(name);
        exception.Message.ShouldNotContain("\n");
    }

    private static NodeOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptions.From(new EnvironmentReader(name => settings.FirstOrDefault(s => s.Name == name).Value));
}
