namespace CallTracker.Tidy.Tests.Source;

/// <summary>
/// A C# file with its comments, literals and preprocessor lines blanked out, so that braces, words and semicolons that
/// are left are code. Offsets and lines are those of the file. Immutable.
/// </summary>
internal sealed class CSharpText
{
    private readonly string _text;
    private readonly char[] _code;
    private readonly List<Comment> _comments = [];
    private int _at;

    private CSharpText(string text)
    {
        _text = text;
        _code = text.ToCharArray();
    }

    public string Code { get; private set; } = "";
    public IReadOnlyList<Comment> Comments => _comments;

    /// <summary>Tells code, comments and literals of <paramref name="text"/> apart.</summary>
    public static CSharpText Read(string text)
    {
        var reader = new CSharpText(text);
        while (reader._at < text.Length) reader.ReadNext();
        reader.Code = new string(reader._code);
        return reader;
    }

    /// <summary>The line (from 1) that holds the character at <paramref name="offset"/>.</summary>
    public static int LineAt(string text, int offset) => text.AsSpan(0, offset).Count('\n') + 1;

    private void ReadNext()
    {
        if (Starts("//")) TakeComment(EndOfLine());
        else if (Starts("/*")) TakeComment(EndOf("*/", _at + 2));
        else if (_text[_at] == '#' && IsFirstOfLine()) Blank(EndOfLine());
        else if (_text[_at] == '\'') Blank(EndOfQuoted('\'', _at + 1));
        else if (StringStart() is { } quoteAt) Blank(EndOfString(quoteAt));
        else _at++;
    }

    // A string starts at a quote, or at the dollars and at-signs that lead to one.
    private int? StringStart()
    {
        var at = _at;
        while (at < _text.Length && _text[at] is '$' or '@') at++;
        return at < _text.Length && _text[at] == '"' ? at : null;
    }

    private int EndOfString(int quoteAt)
    {
        var prefix = _text.AsSpan(_at, quoteAt - _at);
        var quotes = 0;
        while (quoteAt + quotes < _text.Length && _text[quoteAt + quotes] == '"') quotes++;
        if (quotes >= 3 && !prefix.Contains('@')) return EndOf(new string('"', quotes), quoteAt + quotes);
        if (prefix.Contains('$')) return EndOfInterpolated(quoteAt + 1, prefix.Contains('@'));
        return prefix.Contains('@') ? EndOfVerbatim(quoteAt + 1) : EndOfQuoted('"', quoteAt + 1);
    }

    private int EndOfQuoted(char quote, int at)
    {
        while (at < _text.Length && _text[at] != quote && _text[at] != '\n') at += _text[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, _text.Length);
    }

    private int EndOfVerbatim(int at)
    {
        while (at < _text.Length)
        {
            if (_text[at] != '"') at++;
            else if (at + 1 < _text.Length && _text[at + 1] == '"') at += 2;
            else return at + 1;
        }
        return at;
    }

    private int EndOfInterpolated(int at, bool isVerbatim)
    {
        while (at < _text.Length)
        {
            var isPair = at + 1 < _text.Length && _text[at] == _text[at + 1];
            if (_text[at] == '{' && !isPair) at = EndOfHole(at + 1);
            else if (_text[at] is '{' or '}' && isPair) at += 2;
            else if (_text[at] == '\\' && !isVerbatim) at += 2;
            else if (_text[at] == '"' && isVerbatim && isPair) at += 2;
            else if (_text[at++] == '"') return at;
        }
        return at;
    }

    // The hole is code of its own: strings in it are skipped by a reader that starts there.
    private int EndOfHole(int at)
    {
        var reader = new CSharpText(_text) { _at = at };
        for (var depth = 1; reader._at < _text.Length;)
        {
            var letter = _text[reader._at];
            if (letter == '{') depth++;
            if (letter == '}' && --depth == 0) return reader._at + 1;
            reader.ReadNext();
        }
        return _text.Length;
    }

    private void TakeComment(int end)
    {
        _comments.Add(new Comment(_at, _text[_at..end]));
        Blank(end);
    }

    private void Blank(int end)
    {
        for (; _at < end; _at++)
            if (_code[_at] != '\n') _code[_at] = ' ';
    }

    private bool Starts(string mark) => string.CompareOrdinal(_text, _at, mark, 0, mark.Length) == 0;

    private bool IsFirstOfLine()
    {
        var at = _at - 1;
        while (at >= 0 && _text[at] is ' ' or '\t') at--;
        return at < 0 || _text[at] == '\n';
    }

    private int EndOfLine() => EndOf("\n", _at, 0);

    private int EndOf(string mark, int from, int? taken = null)
    {
        var at = _text.IndexOf(mark, Math.Min(from, _text.Length), StringComparison.Ordinal);
        return at < 0 ? _text.Length : at + (taken ?? mark.Length);
    }
}
