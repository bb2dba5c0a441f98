namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>As much of ClickHouse's grammar as finding a clause needs.</summary>
internal enum SqlTokenKind
{
    End,
    Word,
    Quoted,
    Open,
    Close,
    Semicolon,
    Other,
}
