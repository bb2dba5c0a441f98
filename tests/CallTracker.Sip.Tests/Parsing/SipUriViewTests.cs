using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

public sealed class SipUriViewTests
{
    [Theory]
    [InlineData("sip:alice@example.com", "alice", "example.com", 0, "")]
    [InlineData("SIPS:alice:secret@example.com:5071;transport=tcp", "alice", "example.com", 5071, ";transport=tcp")]
    [InlineData("sip:[2001:db8::9]:6000;lr", "", "2001:db8::9", 6000, ";lr")]
    [InlineData("sip:a%40b@192.0.2.4", "a%40b", "192.0.2.4", 0, "")]
    [InlineData("sip:user;par=u%40example.net@example.com", "user;par=u%40example.net", "example.com", 0, "")]
    [InlineData("sip:host", "", "host", 0, "")]
    public void SipUri_WhenValid_GivesItsParts(string text, string user, string host, int port, string parameters)
    {
        SipUriView.TryParse(Wire.Bytes(text), out var uri).ShouldBeTrue();
        Wire.Text(uri.User).ShouldBe(user);
        Wire.Text(uri.Host).ShouldBe(host);
        ((int)uri.Port).ShouldBe(port);
        Wire.Text(uri.Parameters.Text).ShouldBe(parameters);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData("sip:@host")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:a@host:0")]
    [InlineData("sip:a@host:65536")]
    [InlineData("sip:a@host:x")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[g::1]")]
    [InlineData("sip:a@ho st")]
    [InlineData("sip:a%4@host")]
    [InlineData("sip:a%zz@host")]
    [InlineData("sip:a\"b@host")]
    [InlineData("<sip:a@host>")]
    [InlineData("1sip:a@host")]
    [InlineData("tel:")]
    [InlineData("tel:+81@host")]
    public void Uri_WhenBroken_IsRefused(string text) =>
        SipUriView.TryParse(Wire.Bytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("sip:0120000111@host", "0120000111")]
    [InlineData("sip:+81-3-1234-5678@host;user=phone", "+81312345678")]
    [InlineData("sip:+81312345678;npdi;rn=+8150@host;user=phone", "+81312345678")]
    [InlineData("sip:0120%2D000%2d111@host", "0120000111")]
    [InlineData("sip:%30120000111@host", "0120000111")]
    [InlineData("tel:+81-3-1234-5678", "+81312345678")]
    [InlineData("tel:0312345678;phone-context=+81", "0312345678")]
    [InlineData("tel:3-1234-5678;phone-context=+81", "+81312345678")]
    [InlineData("tel:1234;phone-context=example.com", "1234")]
    [InlineData("sip:312345678;phone-context=+81@host;user=phone", "+81312345678")]
    [InlineData("sips:(03)1234.5678@host", "0312345678")]
    public void Number_InEachForm_IsRead(string text, string expected)
    {
        SipUriView.TryParse(Wire.Bytes(text), out var uri).ShouldBeTrue();
        Span<char> digits = stackalloc char[32];
        uri.TryGetNumber(digits, out var length).ShouldBeTrue();
        digits[..length].ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("sip:alice@host")]
    [InlineData("sip:host")]
    [InlineData("sip:+@host")]
    [InlineData("sip:03+12@host")]
    [InlineData("sip:012345678901234567890123456789012@host")]
    [InlineData("tel:*21")]
    [InlineData("http:0312345678")]
    public void Number_WhereThereIsNone_IsRefused(string text)
    {
        SipUriView.TryParse(Wire.Bytes(text), out var uri).ShouldBeTrue();
        Span<char> digits = stackalloc char[32];
        uri.TryGetNumber(digits, out _).ShouldBeFalse();
    }

    [Fact]
    public void User_WithEscapes_IsUnescapedIntoTheBuffer()
    {
        SipUriView.TryParse("sip:a%40%00b@host"u8, out var uri).ShouldBeTrue();
        Span<byte> user = stackalloc byte[4];
        uri.TryUnescapeUser(user, out var length).ShouldBeTrue();
        Wire.Text(user[..length]).ShouldBe("a@\0b");
        uri.TryUnescapeUser(user[..3], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("sip:a@192.0.2.4", "192.0.2.4:5060")]
    [InlineData("sip:a@[2001:db8::1]:5080", "[2001:db8::1]:5080")]
    public void Endpoint_OfAnIpLiteral_IsRead(string text, string expected)
    {
        SipUriView.TryParse(Wire.Bytes(text), out var uri).ShouldBeTrue();
        uri.TryGetEndpoint(out var endpoint).ShouldBeTrue();
        endpoint.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Endpoint_OfAHostName_IsNone()
    {
        SipUriView.TryParse("sip:a@example.com"u8, out var uri).ShouldBeTrue();
        uri.TryGetEndpoint(out _).ShouldBeFalse();
    }
}
