using System.Collections.Frozen;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// The words of the call log in both languages, and the codes that filters accept for them. Stateless.
/// </summary>
internal static class CallWords
{
    public static FrozenDictionary<string, string> EnglishByJapanese { get; } = Frozen(new(StringComparer.Ordinal)
    {
        ["有効"] = "valid",
        ["無効(重複)"] = "invalid (duplicate)",
        ["無効(未満)"] = "invalid (short)",
        ["固定電話"] = "fixed",
        ["携帯・PHS"] = "mobile",
        ["IP電話"] = "IP",
        ["公衆電話"] = "payphone",
        ["非通知番号"] = "withheld",
        ["国際"] = "international",
        ["不明"] = "unknown",
        ["発信者"] = "caller",
        ["着信者"] = "callee",
        ["システム"] = "system",
    });

    /// <summary>Filter value → the word in the view, for valid_res.</summary>
    public static FrozenDictionary<string, string> Verdicts { get; } = Frozen(new(StringComparer.Ordinal)
    {
        ["valid"] = "有効",
        ["duplicate"] = "無効(重複)",
        ["short"] = "無効(未満)",
        ["none"] = "",
        ["blank"] = "",
        ["有効"] = "有効",
        ["無効(重複)"] = "無効(重複)",
        ["無効(未満)"] = "無効(未満)",
    });

    public static FrozenDictionary<string, string> HangupSides { get; } = Frozen(new(StringComparer.Ordinal)
    {
        ["caller"] = "発信者",
        ["callee"] = "着信者",
        ["system"] = "システム",
        ["発信者"] = "発信者",
        ["着信者"] = "着信者",
        ["システム"] = "システム",
    });

    public static FrozenDictionary<string, string> Terminals { get; } = TerminalWords();

    /// <summary>Code or Japanese label → code, for dial_stat.</summary>
    public static FrozenDictionary<string, string> Statuses { get; } = StatusWords();

    private static readonly FrozenDictionary<string, string> StatusLabels = Enum.GetValues<DialStatus>()
        .ToFrozenDictionary(CallLabels.Code, CallLabels.Japanese, StringComparer.Ordinal);

    /// <summary>A word of the view in the language asked for.</summary>
    public static string In(Language language, string japanese) =>
        language == Language.English ? EnglishByJapanese.GetValueOrDefault(japanese, japanese) : japanese;

    /// <summary>The label of a dial_stat code: the Japanese name, or in English the code spelled out.</summary>
    public static string StatusLabel(Language language, string code) => language == Language.English
        ? code.Replace('_', ' ')
        : StatusLabels.GetValueOrDefault(code, code);

    /// <summary>What a recording came to: in Japanese its name, in English the code.</summary>
    public static string RecordingState(Language language, string code) => language == Language.English
        ? code
        : code switch
        {
            "complete" => "完了",
            "interrupted" => "中断",
            "partial" => "一部欠落",
            "failed" => "失敗",
            "deleted" => "削除済",
            "pending" => "処理中",
            _ => code,
        };

    /// <summary>The way of a call's media: in Japanese its name, in English the code.</summary>
    public static string MediaMode(Language language, string code) => language == Language.English
        ? code
        : code switch
        {
            "anchored" => "中継",
            "direct" => "直接",
            _ => code,
        };

    private static FrozenDictionary<string, string> Frozen(Dictionary<string, string> words) =>
        words.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> StatusWords()
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var status in Enum.GetValues<DialStatus>())
        {
            words[CallLabels.Code(status)] = CallLabels.Code(status);
            words[CallLabels.Japanese(status)] = CallLabels.Code(status);
        }
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, string> TerminalWords()
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<TerminalKind>())
        {
            words[kind.ToString().ToLowerInvariant()] = CallLabels.Japanese(kind);
            words[CallLabels.Japanese(kind)] = CallLabels.Japanese(kind);
        }
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
