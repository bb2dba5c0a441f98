using System.Text;

namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>
/// Where the clauses are that this server must find itself: the rows of an INSERT, and the place of INTO OUTFILE in a
/// statement with a result. All else is left to the engine's parser. Offsets are into the text that was read.
/// </summary>
internal readonly record struct StatementShape
{
    public StatementKind Kind { get; init; }

    /// <summary>Rows begin here (<see cref="StatementKind.InsertRows"/>).</summary>
    public int RowsAt { get; init; }

    /// <summary>The statement without its FORMAT or VALUES clause ends here.</summary>
    public int HeadEnd { get; init; }

    /// <summary>The whole statement, FORMAT and SETTINGS included, ends here.</summary>
    public int TextEnd { get; init; }

    /// <summary>The name in the FORMAT clause ("Values" for VALUES); null without one.</summary>
    public string? Format { get; init; }

    public static StatementShape Read(ReadOnlySpan<byte> text)
    {
        var tokens = new SqlTokenizer(text);
        var first = tokens.Next();
        return IsWord(text, first, "INSERT"u8) ? ReadInsert(text, tokens) : ReadOther(text);
    }

    /// <summary>INSERT INTO [TABLE] [FUNCTION] name [(columns)] [SETTINGS …] VALUES | FORMAT f | SELECT …</summary>
    private static StatementShape ReadInsert(ReadOnlySpan<byte> text, SqlTokenizer tokens)
    {
        var before = TakeTargetName(text, ref tokens, out var token);
        var depth = 0;
        for (; token.Kind != SqlTokenKind.End; before = token, token = tokens.Next())
        {
            depth += DepthChange(token);
            if (depth != 0 || token.Kind != SqlTokenKind.Word)
                continue;
            if (IsWord(text, token, "VALUES"u8))
                return Rows(token.End, before.End, "Values");
            if (IsWord(text, token, "FORMAT"u8))
            {
                var name = tokens.Next();
                if (name.Kind == SqlTokenKind.Word)
                    return Rows(SkipLineEnd(text, name.End), before.End, Name(text, name));
            }
            else if (IsWord(text, token, "SELECT"u8) || IsWord(text, token, "WITH"u8))
            {
                var kind = CallsInput(text, tokens) ? StatementKind.InsertInput : StatementKind.InsertSelect;
                return ReadOther(text) with { Kind = kind };
            }
            else if (IsWord(text, token, "INFILE"u8))
            {
                return new StatementShape { Kind = StatementKind.InsertInfile, TextEnd = text.Length };
            }
        }

        return ReadOther(text);
    }

    /// <summary>Steps over INTO and the target's name, which may be any word. Returns the name's last token.</summary>
    private static SqlToken TakeTargetName(ReadOnlySpan<byte> text, ref SqlTokenizer tokens, out SqlToken next)
    {
        var name = tokens.Next();
        while (IsWord(text, name, "INTO"u8) || IsWord(text, name, "TABLE"u8) || IsWord(text, name, "FUNCTION"u8))
            name = tokens.Next();
        next = tokens.Next();
        while (next.Kind == SqlTokenKind.Other && text[next.Start] == (byte)'.')
        {
            name = tokens.Next();
            next = tokens.Next();
        }

        return name;
    }

    private static bool CallsInput(ReadOnlySpan<byte> text, SqlTokenizer tokens)
    {
        SqlToken before = default;
        for (var token = tokens.Next(); token.Kind != SqlTokenKind.End; before = token, token = tokens.Next())
        {
            if (token.Kind == SqlTokenKind.Open && IsWord(text, before, "INPUT"u8))
                return true;
        }

        return false;
    }

    private static StatementShape Rows(int rowsAt, int headEnd, string format) => new()
    {
        Kind = StatementKind.InsertRows,
        RowsAt = rowsAt,
        HeadEnd = headEnd,
        TextEnd = headEnd,
        Format = format,
    };

    /// <summary>As the engine does: blanks and one line end belong to the statement, then rows begin.</summary>
    private static int SkipLineEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\f')
            at++;
        if (at < text.Length && text[at] == (byte)'\r')
            at++;
        if (at < text.Length && text[at] == (byte)'\n')
            at++;
        return at;
    }

    /// <summary>… [INTO OUTFILE 'f'] [FORMAT f] [SETTINGS …] [;]</summary>
    private static StatementShape ReadOther(ReadOnlySpan<byte> text)
    {
        var tokens = new SqlTokenizer(text);
        var clause = new FormatClause();
        var kind = StatementKind.Other;
        var depth = 0;
        SqlToken before = default;
        for (var token = tokens.Next(); token.Kind != SqlTokenKind.End; before = token, token = tokens.Next())
        {
            if (token.Kind == SqlTokenKind.Semicolon && depth == 0)
                break;
            depth += DepthChange(token);
            if (IsWord(text, token, "OUTFILE"u8) && IsWord(text, before, "INTO"u8))
                kind = StatementKind.Outfile;
            if (depth == 0)
                clause.Meet(text, before, token);
        }

        return new StatementShape
        {
            Kind = kind,
            HeadEnd = clause.Format is null ? before.End : clause.HeadEnd,
            TextEnd = before.End,
            Format = clause.Format,
        };
    }

    private static int DepthChange(SqlToken token) =>
        token.Kind switch { SqlTokenKind.Open => 1, SqlTokenKind.Close => -1, _ => 0 };

    internal static bool IsWord(ReadOnlySpan<byte> text, SqlToken token, ReadOnlySpan<byte> word) =>
        token.Kind == SqlTokenKind.Word && Ascii.EqualsIgnoreCase(text[token.Start..token.End], word);

    internal static string Name(ReadOnlySpan<byte> text, SqlToken token) =>
        Encoding.ASCII.GetString(text[token.Start..token.End]);
}
