namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>A token of a query text: offsets into the text it was read from.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End);
