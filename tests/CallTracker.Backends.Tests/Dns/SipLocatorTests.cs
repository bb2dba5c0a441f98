using System.Net;
using CallTracker.Backends.Dns;
using CallTracker.Sip.Parsing;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Dns;

/// <summary>RFC 3263 against a scripted server: which places a name stands for.</summary>
public sealed class SipLocatorTests : IAsyncDisposable
{
    private readonly DnsServer _dns = new();
    private readonly DnsOptions _options = new()
    {
        AnswerMsMax = 300,
        RoundsMax = 1,
        HostsFile = "/dev/null",
    };

    [Theory]
    [InlineData(SipTransportKind.Udp, 0, 5060)]
    [InlineData(SipTransportKind.Tcp, 0, 5060)]
    [InlineData(SipTransportKind.Tls, 0, 5061)]
    [InlineData(SipTransportKind.Tls, 5090, 5090)]
    public async Task Name_WithAddressesAlone_IsAtTheDefaultPort(SipTransportKind transport, ushort port, int expected)
    {
        _dns.Address("sip.example.jp", "192.0.2.2", 40);
        _dns.Address("sip.example.jp", "192.0.2.1", 50);
        var located = await LocateAsync("sip.example.jp", port, transport);
        Text(located).ShouldBe($"0/0 192.0.2.1:{expected}, 0/0 192.0.2.2:{expected}");
        located!.TtlSec.ShouldBe(40);
    }

    [Fact]
    public async Task Name_WithAPort_IsNotLookedUpBySrv()
    {
        _dns.Address("sip.example.jp", "192.0.2.1");
        _dns.Server("_sip._udp.sip.example.jp", 1, 1, 5099, "sip.example.jp");
        Text(await LocateAsync("sip.example.jp", 5070)).ShouldBe("0/0 192.0.2.1:5070");
        _dns.Asked.ShouldBe(["sip.example.jp 1"]);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp, "_sip._udp.")]
    [InlineData(SipTransportKind.Tcp, "_sip._tcp.")]
    [InlineData(SipTransportKind.Tls, "_sips._tcp.")]
    public async Task Name_WithServers_IsAtTheirAddresses(SipTransportKind transport, string prefix)
    {
        _dns.Server(prefix + "example.jp", 20, 0, 5070, "backup.example.jp", 300);
        _dns.Server(prefix + "example.jp", 10, 60, 5062, "gw1.example.jp", 300);
        _dns.Server(prefix + "example.jp", 10, 40, 5063, "gw2.example.jp", 300);
        _dns.Address("gw1.example.jp", "192.0.2.1", 100);
        _dns.Address("gw2.example.jp", "192.0.2.2", 90);
        _dns.Address("backup.example.jp", "192.0.2.3", 100);
        var located = await LocateAsync("example.jp", 0, transport);
        Text(located).ShouldBe("10/60 192.0.2.1:5062, 10/40 192.0.2.2:5063, 20/0 192.0.2.3:5070");
        located!.TtlSec.ShouldBe(90);
    }

    [Fact]
    public async Task Name_WithPointers_FollowsTheFirstOfItsTransport()
    {
        _dns.Pointer("example.jp", 10, 1, "s", "SIPS+D2T", "_tls.example.jp");
        _dns.Pointer("example.jp", 20, 2, "S", "sip+D2U", "_second.example.jp");
        _dns.Pointer("example.jp", 20, 1, "s", "SIP+D2U", "_first.example.jp");
        _dns.Pointer("example.jp", 1, 1, "u", "SIP+D2U", "_other.example.jp");
        _dns.Server("_first.example.jp", 1, 1, 5061, "gw1.example.jp");
        _dns.Server("_tls.example.jp", 1, 1, 5066, "gw1.example.jp");
        _dns.Address("gw1.example.jp", "192.0.2.1");
        Text(await LocateAsync("example.jp", 0)).ShouldBe("1/1 192.0.2.1:5061");
        Text(await LocateAsync("example.jp", 0, SipTransportKind.Tls)).ShouldBe("1/1 192.0.2.1:5066");
    }

    [Fact]
    public async Task Servers_ThatSayNotHere_AreBelieved()
    {
        _dns.Server("_sip._udp.example.jp", 0, 0, 0, "");
        _dns.Address("example.jp", "192.0.2.1");
        (await LocateAsync("example.jp", 0)).ShouldBeNull();
    }

    [Fact]
    public async Task Servers_SomeWithoutAddress_TheOthersCount()
    {
        _dns.Server("_sip._udp.example.jp", 1, 1, 5060, "gone.example.jp");
        _dns.Server("_sip._udp.example.jp", 2, 1, 5060, "gw.example.jp");
        _dns.Address("gw.example.jp", "192.0.2.1");
        Text(await LocateAsync("example.jp", 0)).ShouldBe("2/1 192.0.2.1:5060");
    }

    [Fact]
    public async Task Aliases_InOneAnswerOrSeveral_AreFollowedButNotForEver()
    {
        _dns.Alias("a.example.jp", "b.example.jp", 20);
        _dns.Alias("b.example.jp", "c.example.jp");
        _dns.Address("c.example.jp", "192.0.2.1");
        var located = await LocateAsync("a.example.jp", 5060);
        Text(located).ShouldBe("0/0 192.0.2.1:5060");
        located!.TtlSec.ShouldBe(20);
        _dns.Alias("x.example.jp", "y.example.jp");
        _dns.Alias("y.example.jp", "x.example.jp");
        (await LocateAsync("x.example.jp", 5060)).ShouldBeNull();
        _dns.Asked.Count(a => a.StartsWith("x.", StringComparison.Ordinal)).ShouldBeLessThan(5);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task Address_ThatIsNobodys_IsLeftOut(string address)
    {
        _dns.Address("example.jp", address);
        (await LocateAsync("example.jp", 5060)).ShouldBeNull();
    }

    [Fact]
    public async Task Addresses_MoreThanAreUsed_AreCut()
    {
        for (var i = 1; i < 60; i++) _dns.Address("example.jp", $"192.0.2.{i}");
        (await LocateAsync("example.jp", 5060))!.Locations.Count.ShouldBe(SipLocator.LocationsMax);
    }

    [Fact]
    public async Task Name_OfTheHostsFile_NeedsNoServer()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "192.0.2.77 example.jp\n", TestContext.Current.CancellationToken);
        var located = await Locator(_options with { HostsFile = path })
            .LocateAsync(new SipName("example.jp", 0, SipTransportKind.Udp), TestContext.Current.CancellationToken);
        Text(located).ShouldBe("0/0 192.0.2.77:5060");
        _dns.Asked.ShouldBeEmpty();
        File.Delete(path);
    }

    [Fact]
    public async Task Servers_ThatCannotBeAskedFor_AreNotReplacedByAGuess()
    {
        _dns.Address("example.jp", "192.0.2.1");
        _dns.Code = 2;
        (await LocateAsync("example.jp", 0)).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    private Task<LocatedName?> LocateAsync(string host, int port, SipTransportKind transport = SipTransportKind.Udp) =>
        Locator(_options).LocateAsync(
            new SipName(host, (ushort)port, transport), TestContext.Current.CancellationToken);

    private SipLocator Locator(DnsOptions options) =>
        new(new DnsClient([new IPEndPoint(IPAddress.Loopback, _dns.Port)], options), options);

    private static string Text(LocatedName? located) => located is null
        ? ""
        : string.Join(", ", located.Locations.Select(l => $"{l.Priority}/{l.Weight} {l.Address}"));
}
