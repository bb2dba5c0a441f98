namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>
/// Finds the FORMAT clause at the end of a statement. "format" is an ordinary name elsewhere (SELECT format FROM t), so
/// a clause only counts when nothing but SETTINGS follows it. Lives on the stack of the scan.
/// </summary>
internal struct FormatClause
{
    private bool _expectsName;
    private bool _inSettings;
    private int _headEnd;

    public string? Format { get; private set; }

    /// <summary>The statement before the clause ends here.</summary>
    public readonly int HeadEnd => _headEnd;

    public void Meet(ReadOnlySpan<byte> text, SqlToken before, SqlToken token)
    {
        if (_expectsName)
        {
            _expectsName = false;
            Format = token.Kind == SqlTokenKind.Word ? StatementShape.Name(text, token) : null;
            _inSettings = false;
        }
        else if (!_inSettings && StatementShape.IsWord(text, token, "FORMAT"u8) && !IsNamePlace(text, before))
        {
            _expectsName = true;
            _headEnd = before.End;
        }
        else if (Format is not null && !_inSettings)
        {
            if (StatementShape.IsWord(text, token, "SETTINGS"u8))
                _inSettings = true;
            else
                Format = null;
        }
    }

    /// <summary>After these a name stands, not a clause.</summary>
    private static bool IsNamePlace(ReadOnlySpan<byte> text, SqlToken before) =>
        before.End == 0
        || StatementShape.IsWord(text, before, "FROM"u8)
        || StatementShape.IsWord(text, before, "JOIN"u8)
        || StatementShape.IsWord(text, before, "AS"u8)
        || StatementShape.IsWord(text, before, "SELECT"u8)
        || (before.Kind == SqlTokenKind.Other && text[before.Start] is (byte)'.' or (byte)',');
}
