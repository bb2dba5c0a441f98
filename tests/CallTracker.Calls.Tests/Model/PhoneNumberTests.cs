using System.Text;
using CallTracker.Calls.Model;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Model;

/// <summary>Normalisation and packing of telephone numbers.</summary>
public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("0120000001", "0120000001")]
    [InlineData("0120-000-001", "0120000001")]
    [InlineData("+81120000001", "0120000001")]
    [InlineData("+81-3-1234-5678", "0312345678")]
    [InlineData("+810312345678", "0312345678")]
    [InlineData("+1(555)123.4567", "01015551234567")]
    [InlineData("00661234567890123456", "00661234567890123456")]
    [InlineData("110", "110")]
    [InlineData("+440", "010440")]
    public void Normalise_WrittenForms_GiveOneForm(string written, string expected)
    {
        PhoneNumber.TryNormalise(Encoding.ASCII.GetBytes(written), out var number).ShouldBeTrue();
        number.ToString().ShouldBe(expected);
        number.Length.ShouldBe(expected.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("+81")]
    [InlineData("anonymous")]
    [InlineData("012a")]
    [InlineData("--")]
    [InlineData("０１２０")]
    [InlineData("012345678901234567890123456789012")]
    public void Normalise_NoNumber_IsRefused(string written) =>
        PhoneNumber.TryNormalise(Encoding.UTF8.GetBytes(written), out _).ShouldBeFalse();

    [Fact]
    public void Pack_LeadingZeros_AreKept()
    {
        PhoneNumber.TryPack("000"u8, out var three).ShouldBeTrue();
        PhoneNumber.TryPack("00"u8, out var two).ShouldBeTrue();
        three.ShouldNotBe(two);
        three.Length.ShouldBe(3);
        default(PhoneNumber).IsEmpty.ShouldBeTrue();
        default(PhoneNumber).Length.ShouldBe(0);
    }

    [Fact]
    public void Pack_LongestNumber_RoundTrips()
    {
        var text = new string('9', PhoneNumber.DigitsMax);
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(text), out var number).ShouldBeTrue();
        number.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("0312345678", "03", true)]
    [InlineData("0312345678", "0312345678", true)]
    [InlineData("0312345678", "04", false)]
    [InlineData("03", "031", false)]
    public void StartsWith_Prefixes_CompareDigits(string number, string prefix, bool expected)
    {
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(number), out var whole).ShouldBeTrue();
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(prefix), out var start).ShouldBeTrue();
        whole.StartsWith(start).ShouldBe(expected);
        whole.StartsWith(default).ShouldBeTrue();
    }
}
