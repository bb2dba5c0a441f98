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
            ("CALLTRACKER_BIND", "127.0.0.2"), ("CALLTRACKER_RTP_PORTS", "30000-30099"), ("CALLTRACKER_WORKERS", "3"),
            ("CALLTRACKER_DNS", "192.0.2.1:5353, ::1"));
        options.Dns.ShouldBe("192.0.2.1:5353, ::1");
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
    [InlineData("CALLTRACKER_DNS", "ns.example.jp")]
    [InlineData("CALLTRACKER_DNS", "192.0.2.1,")]
    [InlineData("CALLTRACKER_CLICKHOUSE_URL", "not a url")]
    [InlineData("CALLTRACKER_TRACE_MB", "1025")]
    [InlineData("CALLTRACKER_TRACE_SAMPLE", "1000001")]
    [InlineData("CALLTRACKER_TRACE_DAYS", "0")]
    [InlineData("CALLTRACKER_TRACE_HEADER", "yes")]
    [InlineData("CALLTRACKER_HEP", "192.0.2.1")]
    [InlineData("CALLTRACKER_HEP", "192.0.2.1:0")]
    [InlineData("CALLTRACKER_HEP", "no-such-host.invalid:9060")]
    [InlineData("CALLTRACKER_HEP_ID", "-1")]
    public void Options_BadValue_IsNamedInOneLine(string name, string value)
    {
        var exception = Should.Throw<OptionException>(() => Read((name, value)));
        exception.Message.ShouldContain(name);
        exception.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Trace_NothingSet_KeepsFailedCallsAndMirrorsNone()
    {
        var trace = Read().Trace;
        (trace.RingBytes, trace.ShowsCorrelationId).ShouldBe((32 << 20, false));
        (trace.Settings.SamplePpm, trace.Settings.RetentionDays, trace.Settings.Hep).ShouldBe((0, 14, null));
        trace.MakeRing()!.Capacity.ShouldBe(32 << 20);
    }

    [Fact]
    public void Trace_Set_IsRead()
    {
        var trace = Read(("CALLTRACKER_TRACE_MB", "2"), ("CALLTRACKER_TRACE_SAMPLE", "1000"),
            ("CALLTRACKER_TRACE_DAYS", "3"), ("CALLTRACKER_TRACE_HEADER", "1"),
            ("CALLTRACKER_HEP", "[2001:db8::1]:9060"), ("CALLTRACKER_HEP_ID", "7"),
            ("CALLTRACKER_HEP_PASSWORD", "p")).Trace;
        trace.RingBytes.ShouldBe(2 << 20);
        trace.ShowsCorrelationId.ShouldBeTrue();
        (trace.Settings.SamplePpm, trace.Settings.RetentionDays).ShouldBe((1000, 3));
        trace.Settings.Hep.ShouldBe(IPEndPoint.Parse("[2001:db8::1]:9060"));
        (trace.Settings.HepId, trace.Settings.HepPassword).ShouldBe((7u, "p"));
        Read(("CALLTRACKER_HEP", "localhost:9060")).Trace.Settings.Hep!.Port.ShouldBe(9060);
        Read(("CALLTRACKER_TRACE_MB", "0")).Trace.MakeRing().ShouldBeNull();
        Should.Throw<OptionException>(() => Read(("CALLTRACKER_TRACE_MB", "0"), ("CALLTRACKER_HEP", "127.0.0.1:9060")))
            .Message.ShouldContain("CALLTRACKER_HEP");
    }

    private static NodeOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptions.From(new EnvironmentReader(name => settings.FirstOrDefault(s => s.Name == name).Value));
}
