using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

public sealed class NameAddrViewTests
{
    [Theory]
    [InlineData("sip:a@b;tag=1", "", "sip:a@b", "1")]
    [InlineData("<sip:a@b;x=1>;tag=2", "", "sip:a@b;x=1", "2")]
    [InlineData("\"A \\\" < B\" <sip:a@b> ; Tag = 3", "\"A \\\" < B\"", "sip:a@b", "3")]
    [InlineData("Alice Smith<sip:a@b>", "Alice Smith", "sip:a@b", "")]
    [InlineData("<tel:+8131234>;x=\";tag=no\";tag=4", "", "tel:+8131234", "4")]
    public void Address_WhenValid_GivesItsParts(string text, string display, string uri, string tag)
    {
        NameAddrView.TryParse(Wire.Bytes(text), out var view).ShouldBeTrue();
        Wire.Text(view.Display).ShouldBe(display);
        Wire.Text(view.Uri).ShouldBe(uri);
        Wire.Text(view.Tag).ShouldBe(tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("<sip:a@b")]
    [InlineData("\"A <sip:a@b>")]
    [InlineData("\"A\" sip:a@b")]
    [InlineData("<sip:a@b>;;")]
    [InlineData("<sip:a@b>x")]
    [InlineData("< sip:a@b >")]
    [InlineData("sip:a@b?x=1")]
    [InlineData("<>")]
    [InlineData("<sip:a@b>;tag=\"1")]
    [InlineData("<sip:a@b>;tag")]
    [InlineData("sip:a@b;tag=;x=1")]
    public void Address_WhenBroken_IsRefused(string text) =>
        NameAddrView.TryParse(Wire.Bytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.1", "192.0.2.1", 0, "", false)]
    [InlineData("SIP / 2.0 / UDP\t[2001:db8::1]:5061;branch=z9hG4bKx", "2001:db8::1", 5061, "z9hG4bKx", true)]
    [InlineData("sip/2.0/tls h.example : 5070 ;branch=z9hG4bK", "h.example", 5070, "z9hG4bK", false)]
    public void Via_WhenValid_GivesItsParts(string text, string host, int port, string branch, bool isUnique)
    {
        SipViaView.TryParse(Wire.Bytes(text), out var via).ShouldBeTrue();
        Wire.Text(via.SentByHost).ShouldBe(host);
        ((int)via.SentByPort).ShouldBe(port);
        Wire.Text(via.Branch).ShouldBe(branch);
        via.HasUniqueBranch.ShouldBe(isUnique);
    }

    [Theory]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0/UDP ")]
    [InlineData("HTTP/2.0/UDP h")]
    [InlineData("SIP/2.0 h")]
    [InlineData("SIP/2.0/UDP h:0")]
    [InlineData("SIP/2.0/UDP h:70000")]
    [InlineData("SIP/2.0/UDP [::1")]
    [InlineData("SIP/2.0/UDP a b")]
    public void Via_WhenBroken_IsRefused(string text) =>
        SipViaView.TryParse(Wire.Bytes(text), out _).ShouldBeFalse();
}
