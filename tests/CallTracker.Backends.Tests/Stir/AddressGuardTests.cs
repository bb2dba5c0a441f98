using System.Net;
using CallTracker.Backends.Stir;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>Where a URL that a caller chose may lead, and where not.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("203.0.114.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    public void Address_OfEveryKind_IsInsideOrOutside(string address, bool isOutside) =>
        AddressGuard.IsOutside(IPAddress.Parse(address)).ShouldBe(isOutside);

    [Theory]
    [InlineData("https://cert.example.org/c.pem", true)]
    [InlineData("https://cert.example.org:8443/c.pem", true)]
    [InlineData("https://cert.example.org:8080/c.pem", false)]
    [InlineData("http://cert.example.org/c.pem", false)]
    [InlineData("http://127.0.0.1:8000/c.pem", false)]
    [InlineData("https://a:b@cert.example.org/c.pem", false)]
    [InlineData("https://cert.example.org/c.pem#x", false)]
    [InlineData("ftp://cert.example.org/c.pem", false)]
    [InlineData("c.pem", false)]
    public void Url_OfEveryKind_IsAskedOrNot(string url, bool isAsked) =>
        AddressGuard.TryParse(url, allowsLoopback: false, out _).ShouldBe(isAsked);

    [Fact]
    public void Url_TooLong_IsNotAsked() =>
        AddressGuard.TryParse("https://cert.example.org/" + new string('a', 500), false, out _).ShouldBeFalse();
}
