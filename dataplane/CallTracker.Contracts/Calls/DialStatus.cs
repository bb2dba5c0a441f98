namespace CallTracker.Contracts.Calls;

/// <summary>How forwarding ended (dial_stat). The values are stored in ClickHouse and never change.</summary>
public enum DialStatus : byte
{
    /// <summary>ステータス無: no forwarding was tried.</summary>
    None = 0,
    /// <summary>正常通話: answered.</summary>
    Normal = 1,
    /// <summary>話中: the destination was busy or declined.</summary>
    Busy = 2,
    /// <summary>無応答: it rang and nobody answered.</summary>
    NoAnswer = 3,
    /// <summary>不応答: the destination gave no sign of life.</summary>
    Unresponsive = 4,
    /// <summary>不完了呼: the caller hung up before an answer.</summary>
    Incomplete = 5,
    /// <summary>回線不可: no line could be had (trunk, route or carrier failure).</summary>
    LineUnavailable = 6,
    /// <summary>通話転換: the call was turned over to another treatment.</summary>
    Diverted = 7,
}
