using CallTracker.Contracts.Numbers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Numbers;

/// <summary>The numbering plan as tables: one line per form or band.</summary>
public sealed class NumberingPlanTests
{
    [Theory]
    [InlineData("0312345678", "0312345678")]
    [InlineData("+81312345678", "0312345678")]
    [InlineData("+810312345678", "0312345678")]
    [InlineData("+81-3-1234-5678", "0312345678")]
    [InlineData(" (03) 1234.5678 ", "0312345678")]
    [InlineData("+819012345678", "09012345678")]
    [InlineData("+81120123456", "0120123456")]
    [InlineData("+14155550123", "01014155550123")]
    [InlineData("+8613800138000", "0108613800138000")]
    [InlineData("00780012345678901234", "00780012345678901234")]
    [InlineData("110", "110")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789012")]
    public void Normalise_ANumberInAnyForm_GivesItsOneForm(string input, string expected) =>
        NumberingPlan.Normalise(input).ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("+")]
    [InlineData("+81")]
    [InlineData("anonymous")]
    [InlineData("03-1234-567x")]
    [InlineData("++81312345678")]
    [InlineData("03+12345678")]
    [InlineData("０３１２３４５６７８")]
    [InlineData("٠٣١٢٣٤٥٦٧٨")]
    [InlineData("123456789012345678901234567890123")]
    [InlineData("+123456789012345678901234567890")]
    public void Normalise_NoNumber_GivesNull(string? input) => NumberingPlan.Normalise(input).ShouldBeNull();

    [Theory]
    [InlineData("0312345678", TerminalKind.Fixed)]
    [InlineData("0120123456", TerminalKind.Fixed)]
    [InlineData("06012345678", TerminalKind.Mobile)]
    [InlineData("07012345678", TerminalKind.Mobile)]
    [InlineData("08012345678", TerminalKind.Mobile)]
    [InlineData("09012345678", TerminalKind.Mobile)]
    [InlineData("08001234567", TerminalKind.Fixed)]
    [InlineData("08009999999", TerminalKind.Fixed)]
    [InlineData("05012345678", TerminalKind.Ip)]
    [InlineData("01014155550123", TerminalKind.International)]
    [InlineData("0108613800138000", TerminalKind.International)]
    [InlineData("", TerminalKind.Unknown)]
    [InlineData("0", TerminalKind.Unknown)]
    [InlineData("110", TerminalKind.Unknown)]
    [InlineData("0901234567", TerminalKind.Fixed)]
    [InlineData("02012345678", TerminalKind.Unknown)]
    [InlineData("007800123456", TerminalKind.Unknown)]
    [InlineData("9012345678", TerminalKind.Unknown)]
    public void Classify_ANumber_GivesItsTerminal(string number, TerminalKind expected) =>
        NumberingPlan.Classify(number).ShouldBe(expected);

    [Theory]
    [InlineData("0120123456", "0120", true, true)]
    [InlineData("08001234567", "0800", true, true)]
    [InlineData("006612345678", "0066", true, false)]
    [InlineData("00781234567890123456", "0078", true, false)]
    [InlineData("05012345678", "050", false, false)]
    [InlineData("0312345678", "0", false, false)]
    public void Band_OfATrackingNumber_HasItsRules(string number, string prefix, bool isFree, bool systemOnly)
    {
        var band = NumberBand.Find(number).ShouldNotBeNull();
        band.Prefix.ShouldBe(prefix);
        band.IsFreeCall.ShouldBe(isFree);
        band.SystemNumberOnly.ShouldBe(systemOnly);
    }

    [Theory]
    [InlineData("012012345")]
    [InlineData("01201234567")]
    [InlineData("0800123456")]
    [InlineData("00661234567")]
    [InlineData("007812345678901234567")]
    [InlineData("0501234567")]
    [InlineData("09012345678")]
    [InlineData("1234567890")]
    [InlineData("")]
    public void Band_OfAWrongLength_IsNone(string number) => NumberBand.Find(number).ShouldBeNull();

    [Fact]
    public void Normalise_ItsOwnResult_StaysTheSame()
    {
        foreach (var input in new[] { "+81312345678", "+14155550123", "03-1234-5678", "+8109012345678" })
        {
            var once = NumberingPlan.Normalise(input);
            NumberingPlan.Normalise(once).ShouldBe(once, input);
        }
    }
}
