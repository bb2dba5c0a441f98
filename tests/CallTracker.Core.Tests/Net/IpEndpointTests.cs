using System.Net;
using System.Text;
using CallTracker.Core.Net;

namespace CallTracker.Core.Tests.Net;

/// <summary>The tables of RFC 4291 section 2.2 and RFC 5952 section 4, and what an address is.</summary>
public sealed class IpEndpointTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.16.0.0", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.7.7", true)]
    [InlineData("192.169.0.0", false)]
    [InlineData("169.254.3.4", true)]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.64.0.0", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("203.0.113.5", false)]
    [InlineData("fbff::1", false)]
    [InlineData("fc00::1", true)]
    [InlineData("fdff:ffff::1", true)]
    [InlineData("fe00::1", false)]
    [InlineData("fe80::1", true)]
    [InlineData("febf::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::1", false)]
    public void IsPrivate_ByTheRangesOfTheRfcs_IsTold(string text, bool isPrivate)
    {
        IpEndpoint.TryParseAddress(Encoding.ASCII.GetBytes(text), 0, out var endpoint).ShouldBeTrue();
        endpoint.IsPrivate.ShouldBe(isPrivate);
    }

    [Theory]
    [InlineData("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789")]
    [InlineData("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a")]
    [InlineData("FF01:0:0:0:0:0:0:101", "ff01::101")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("::", "::")]
    [InlineData("1::", "1::")]
    [InlineData("::8", "::8")]
    [InlineData("2001:0db8::0001", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:0:0:0:0:0", "1:2:3::")]
    [InlineData("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0")]
    [InlineData("0:0:0:0:0:0:13.1.68.3", "::d01:4403")]
    [InlineData("::FFFF:129.144.52.38", "129.144.52.38")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("010.001.000.009", "10.1.0.9")]
    public void TryParseAddress_Valid_IsWrittenCanonically(string text, string canonical)
    {
        IpEndpoint.TryParseAddress(Encoding.ASCII.GetBytes(text), 5060, out var endpoint).ShouldBeTrue();
        Written(endpoint).ShouldBe(canonical);
        endpoint.Port.ShouldBe((ushort)5060);
        IpEndpoint.TryParseAddress(Encoding.ASCII.GetBytes(canonical), 5060, out var again).ShouldBeTrue();
        again.ShouldBe(endpoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:::2")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("0x1::")]
    [InlineData("-1::")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4.5")]
    [InlineData("::1.2.3.256")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1:2:3:4:5:6::1.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData(" ::1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData(".1.2.3.4")]
    [InlineData("1..3.4")]
    [InlineData("256.0.0.1")]
    [InlineData("1.2.3.0004")]
    [InlineData("+1.2.3.4")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("localhost")]
    public void TryParseAddress_Invalid_IsRefused(string text)
    {
        IpEndpoint.TryParseAddress(Encoding.ASCII.GetBytes(text), 5060, out var endpoint).ShouldBeFalse();
        endpoint.ShouldBe(default);
    }

    [Theory]
    [InlineData("0.0.0.0", true, false, false)]
    [InlineData("::", true, false, false)]
    [InlineData("127.9.9.9", false, true, false)]
    [InlineData("::1", false, true, false)]
    [InlineData("224.0.0.1", false, false, true)]
    [InlineData("239.255.255.255", false, false, true)]
    [InlineData("255.255.255.255", false, false, true)]
    [InlineData("ff02::1", false, false, true)]
    [InlineData("192.0.2.1", false, false, false)]
    [InlineData("240.0.0.1", false, false, false)]
    [InlineData("fe80::1", false, false, false)]
    public void IpEndpoint_Kind_IsToldByItsBits(string text, bool unspecified, bool loopback, bool multicast)
    {
        var endpoint = IpEndpoint.From(IPAddress.Parse(text), 1);
        (endpoint.IsUnspecified, endpoint.IsLoopback, endpoint.IsMulticast)
            .ShouldBe((unspecified, loopback, multicast));
    }

    [Fact]
    public void Equals_AddressAndPort_BothCount()
    {
        var endpoint = IpEndpoint.FromIpv4(0xC000_0201, 5060);
        endpoint.ShouldBe(IpEndpoint.From(IPAddress.Parse("::ffff:192.0.2.1"), 5060));
        endpoint.WithPort(5061).ShouldNotBe(endpoint);
        endpoint.WithPort(5061).SameAddress(endpoint).ShouldBeTrue();
        (endpoint == IpEndpoint.FromIpv4(0xC000_0202, 5060)).ShouldBeFalse();
        endpoint.Equals((object)endpoint.WithPort(5060)).ShouldBeTrue();
        endpoint.ToString().ShouldBe("192.0.2.1:5060");
        IpEndpoint.From(IPAddress.IPv6Loopback, 5060).ToString().ShouldBe("[::1]:5060");
    }

    [Fact]
    public void GetHashCode_PhonesBehindManyPorts_SpreadsOverATable()
    {
        var buckets = new HashSet<int>();
        for (var i = 0; i < 4096; i++)
        {
            var phone = IpEndpoint.FromIpv4((uint)(0x0A00_0000 + (i / 64)), (ushort)(20_000 + (2 * (i % 64))));
            buckets.Add(phone.GetHashCode() & 4095);
        }
        buckets.Count.ShouldBeGreaterThan(2000, "a random hash fills 63 % of 4096 buckets, 2590");
    }

    private static string Written(in IpEndpoint endpoint)
    {
        Span<byte> text = stackalloc byte[IpEndpoint.TextLengthMax];
        return Encoding.ASCII.GetString(text[..endpoint.FormatAddress(text)]);
    }
}
