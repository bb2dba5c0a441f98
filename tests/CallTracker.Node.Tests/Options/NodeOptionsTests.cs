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
        options.Transport.Advertised.ShouldBe([IPAddress.Loopback]);
        (options.SipPort, options.HttpPort, options.RtpPortFirst, options.RtpPortLast).ShouldBe((5060, 8081, 20000,
            29999));
        options.Redis.ShouldBe("127.0.0.1:6380");
        options.ClickHouse.ShouldBe(new Uri("http://127.0.0.1:8123/"));
        (options.Stir.AnchorFolder, options.Stir.KeyFile, options.Stir.CertificateUrl).ShouldBe((null, null, null));
        (options.Stir.AllowsLoopback, options.StirMsMax, options.Stir.FetchMsMax).ShouldBe((false, 1500, 1000));
        options.Ringback.ShouldBe(RingbackMode.Auto);
    }

    [Fact]
    public void Options_OfTheFastPath_CoverAllPortsOfAllWorkers()
    {
        Read().FastPath.Mode.ShouldBe(FastPathMode.Off);
        var options = Read(("CALLTRACKER_FASTPATH", "required"), ("CALLTRACKER_FASTPATH_INTERFACES", "eth0, eth1"),
            ("CALLTRACKER_BIND", "2001:db8::5,192.0.2.5"), ("CALLTRACKER_RTP_PORTS", "20001-20100"),
            ("CALLTRACKER_WORKERS", "3"));
        options.FastPath.Mode.ShouldBe(FastPathMode.Required);
        var settings = FastPathOptions.SettingsOf(options);
        settings.Interfaces.ShouldBe(["eth0", "eth1"]);
        (settings.FirstPort, settings.PairCount).ShouldBe((20002, 48));
        (settings.Ipv4.ToString(), settings.Ipv6.ToString()).ShouldBe(("192.0.2.5:0", "[2001:db8::5]:0"));
        var single = FastPathOptions.SettingsOf(Read(("CALLTRACKER_BIND", "2001:db8::5")));
        (single.Ipv4.IsUnspecified, single.Ipv6.IsUnspecified).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("CALLTRACKER_FASTPATH", "on")]
    [InlineData("CALLTRACKER_FASTPATH_INTERFACES", "eth0,eth0")]
    [InlineData("CALLTRACKER_FASTPATH_INTERFACES", "a-name-that-is-too-long")]
    public void Options_OfTheFastPathWrong_AreRefused(string name, string value) =>
        Should.Throw<OptionException>(() => Read((name, value))).Message.ShouldContain(name);

    [Theory]
    [InlineData(null, "Auto")]
    [InlineData("auto", "Auto")]
    [InlineData("epoll", "Epoll")]
    [InlineData("uring", "Uring")]
    public void Options_OfIo_AreOneOfThree(string? value, string expected) =>
        (value is null ? Read() : Read(("CALLTRACKER_IO", value))).Io.ToString().ShouldBe(expected);

    [Theory]
    [InlineData(null, true)]
    [InlineData("auto", true)]
    [InlineData("always", false)]
    public void Options_OfSpread_AreOneOfTwo(string? value, bool expected) =>
        (value is null ? Read() : Read(("CALLTRACKER_SPREAD", value))).GathersCalls.ShouldBe(expected);

    [Fact]
    public void Options_OfSpreadWrong_AreRefused() => Should.Throw<OptionException>(
        () => Read(("CALLTRACKER_SPREAD", "never"))).Message.ShouldContain("CALLTRACKER_SPREAD");

    [Fact]
    public void Options_OfIoWrong_AreRefused() =>
        Should.Throw<OptionException>(() => Read(("CALLTRACKER_IO", "kqueue"))).Message.ShouldContain("CALLTRACKER_IO");

    [Theory]
    [InlineData(null, false)]
    [InlineData("normal", false)]
    [InlineData("realtime", true)]
    public void Options_OfPriority_AreOneOfTwo(string? value, bool expected) =>
        (value is null ? Read() : Read(("CALLTRACKER_PRIORITY", value))).IsRealTime.ShouldBe(expected);

    [Fact]
    public void Options_OfPriorityWrong_AreRefused() =>
        Should.Throw<OptionException>(() => Read(("CALLTRACKER_PRIORITY", "high"))).Message
            .ShouldContain("CALLTRACKER_PRIORITY");

    [Fact]
    public void Options_OfStirAndRingback_ReachTheirPlaces()
    {
        var options = Read(("CALLTRACKER_STIR_CA", "/etc/stir"), ("CALLTRACKER_STIR_KEY", "/etc/stir.key"),
            ("CALLTRACKER_STIR_X5U", "https://cert.example.org/c.pem"), ("CALLTRACKER_STIR_MS", "3000"),
            ("CALLTRACKER_RINGBACK", "off"), ("CALLTRACKER_MEDIA_SILENCE_SEC", "30"),
            ("CALLTRACKER_MEDIA_FIRST_SEC", "5"), ("CALLTRACKER_HOLD_SEC", "600"));
        (options.Stir.AnchorFolder, options.Stir.KeyFile).ShouldBe(("/etc/stir", "/etc/stir.key"));
        options.Stir.CertificateUrl.ShouldBe(new Uri("https://cert.example.org/c.pem"));
        (options.StirMsMax, options.Stir.FetchMsMax).ShouldBe((3000, 2000));
        options.Ringback.ShouldBe(RingbackMode.Off);
        (options.Media.SilenceMsMax, options.Media.FirstPacketMsMax).ShouldBe((30_000, 5000));
        (Read().Media.SilenceMsMax, Read().Media.FirstPacketMsMax).ShouldBe((60_000, 0));
        (options.Media.HoldMsMax, Read().Media.HoldMsMax).ShouldBe((600_000, 1_800_000));
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
    [InlineData("CALLTRACKER_DNS", "ns.example.jp")]
    [InlineData("CALLTRACKER_DNS", "192.0.2.1,")]
    [InlineData("CALLTRACKER_CLICKHOUSE_URL", "not a url")]
    [InlineData("CALLTRACKER_STIR_X5U", "not a url")]
    [InlineData("CALLTRACKER_STIR_MS", "99")]
    [InlineData("CALLTRACKER_STIR_TEST_HTTP", "2")]
    [InlineData("CALLTRACKER_RINGBACK", "loud")]
    [InlineData("CALLTRACKER_MEDIA_SILENCE_SEC", "86401")]
    [InlineData("CALLTRACKER_MEDIA_FIRST_SEC", "-1")]
    [InlineData("CALLTRACKER_HOLD_SEC", "86401")]
    [InlineData("CALLTRACKER_DIGEST", "md4")]
    [InlineData("CALLTRACKER_REALM", "two words")]
    [InlineData("CALLTRACKER_REALM", "a\"b")]
    [InlineData("CALLTRACKER_TRACE_MB", "1025")]
    [InlineData("CALLTRACKER_TRACE_SAMPLE", "1000001")]
    [InlineData("CALLTRACKER_TRACE_DAYS", "0")]
    [InlineData("CALLTRACKER_TRACE_HEADER", "yes")]
    [InlineData("CALLTRACKER_HEP", "192.0.2.1")]
    [InlineData("CALLTRACKER_HEP", "192.0.2.1:0")]
    [InlineData("CALLTRACKER_HEP", "no-such-host.invalid:9060")]
    [InlineData("CALLTRACKER_HEP_ID", "-1")]
    [InlineData("CALLTRACKER_RECORDING_MB", "0")]
    [InlineData("CALLTRACKER_RECORDING_FREE_MB", "-1")]
    public void Options_BadValue_IsNamedInOneLine(string name, string value)
    {
        var exception = Should.Throw<OptionException>(() => Read((name, value)));
        exception.Message.ShouldContain(name);
        exception.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Recording_SetOrNot_HasARingOfAPowerOfTwo()
    {
        var usual = Read().Recording;
        (usual.RingBytes, usual.Folder, usual.Settings.FreeBytesMin).ShouldBe((16 << 20, null, 1L << 30));
        var set = Read(("CALLTRACKER_RECORDING_MB", "5"), ("CALLTRACKER_RECORDINGS", "/srv/recordings"),
            ("CALLTRACKER_RECORDING_FREE_MB", "0")).Recording;
        (set.RingBytes, set.Folder, set.Settings.FreeBytesMin).ShouldBe((8 << 20, "/srv/recordings", 0L));
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
