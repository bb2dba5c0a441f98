using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Numbers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Calls;

/// <summary>API codes and Japanese labels, exactly as PRODUCT.md section 5 has them.</summary>
public sealed class CallLabelsTests
{
    [Theory]
    [InlineData(DialStatus.Normal, "normal", "正常通話")]
    [InlineData(DialStatus.Busy, "busy", "話中")]
    [InlineData(DialStatus.NoAnswer, "no_answer", "無応答")]
    [InlineData(DialStatus.Unresponsive, "unresponsive", "不応答")]
    [InlineData(DialStatus.Incomplete, "incomplete", "不完了呼")]
    [InlineData(DialStatus.LineUnavailable, "line_unavailable", "回線不可")]
    [InlineData(DialStatus.Diverted, "diverted", "通話転換")]
    [InlineData(DialStatus.None, "none", "ステータス無")]
    [InlineData((DialStatus)99, "none", "ステータス無")]
    public void DialStatus_EachValue_HasCodeAndLabel(DialStatus status, string code, string label)
    {
        CallLabels.Code(status).ShouldBe(code);
        CallLabels.Japanese(status).ShouldBe(label);
    }

    [Fact]
    public void DialStatus_EachCode_IsTheOneStoredInClickHouse()
    {
        var type = CallRecordTable.Columns.Single(c => c.Name == "dial_stat").Type;
        foreach (var status in Enum.GetValues<DialStatus>())
            type.ShouldContain($"'{CallLabels.Code(status)}' = {(int)status}");
    }

    [Theory]
    [InlineData(HangupSide.Caller, "発信者")]
    [InlineData(HangupSide.Callee, "着信者")]
    [InlineData(HangupSide.System, "システム")]
    [InlineData(HangupSide.Unknown, "")]
    public void HangupSide_EachValue_HasItsLabel(HangupSide side, string label) =>
        CallLabels.Japanese(side).ShouldBe(label);

    [Theory]
    [InlineData(TerminalKind.Fixed, "固定電話")]
    [InlineData(TerminalKind.Mobile, "携帯・PHS")]
    [InlineData(TerminalKind.Ip, "IP電話")]
    [InlineData(TerminalKind.Payphone, "公衆電話")]
    [InlineData(TerminalKind.Withheld, "非通知番号")]
    [InlineData(TerminalKind.International, "国際")]
    [InlineData(TerminalKind.Unknown, "不明")]
    public void TerminalKind_EachValue_HasItsLabel(TerminalKind kind, string label) =>
        CallLabels.Japanese(kind).ShouldBe(label);
}
