using CallTracker.Contracts.Numbers;

namespace CallTracker.Contracts.Calls;

/// <summary>API codes and Japanese labels of the stored enumerations. Stateless.</summary>
public static class CallLabels
{
    /// <summary>The API value of dial_stat (PRODUCT.md section 5).</summary>
    public static string Code(DialStatus status) => status switch
    {
        DialStatus.Normal => "normal",
        DialStatus.Busy => "busy",
        DialStatus.NoAnswer => "no_answer",
        DialStatus.Unresponsive => "unresponsive",
        DialStatus.Incomplete => "incomplete",
        DialStatus.LineUnavailable => "line_unavailable",
        DialStatus.Diverted => "diverted",
        _ => "none",
    };

    /// <summary>The Japanese name of dial_stat (転送状況).</summary>
    public static string Japanese(DialStatus status) => status switch
    {
        DialStatus.Normal => "正常通話",
        DialStatus.Busy => "話中",
        DialStatus.NoAnswer => "無応答",
        DialStatus.Unresponsive => "不応答",
        DialStatus.Incomplete => "不完了呼",
        DialStatus.LineUnavailable => "回線不可",
        DialStatus.Diverted => "通話転換",
        _ => "ステータス無",
    };

    /// <summary>The Japanese name of hup_usr (最終切断者).</summary>
    public static string Japanese(HangupSide side) => side switch
    {
        HangupSide.Caller => "発信者",
        HangupSide.Callee => "着信者",
        HangupSide.System => "システム",
        _ => "",
    };

    /// <summary>The Japanese name of clr_type and fwd_type (端末種別).</summary>
    public static string Japanese(TerminalKind kind) => kind switch
    {
        TerminalKind.Fixed => "固定電話",
        TerminalKind.Mobile => "携帯・PHS",
        TerminalKind.Ip => "IP電話",
        TerminalKind.Payphone => "公衆電話",
        TerminalKind.Withheld => "非通知番号",
        TerminalKind.International => "国際",
        _ => "不明",
    };
}
