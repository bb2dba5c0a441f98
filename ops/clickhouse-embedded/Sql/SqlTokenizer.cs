using System.Buffers;

namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>
/// Walks over a query text and skips what may hold a keyword without meaning one: comments, quoted strings and names,
/// here-documents. Any bytes are accepted; what is not closed runs to the end. A view: lives as long as the text.
/// </summary>
internal ref struct SqlTokenizer(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    public SqlToken Next()
    {
        SkipBlanksAndComments();
        if (_at >= _text.Length)
            return new SqlToken(SqlTokenKind.End, _text.Length, _text.Length);
        var start = _at;
        var first = _text[_at];
        if (IsWordStart(first))
            return TakeWord(start);
        if (first is (byte)'\'' or (byte)'"' or (byte)'`')
            return TakeQuoted(start, first);
        if (first == (byte)'$' && TryTakeHereDocument(start, out var document))
            return document;
        _at++;
        var kind = first switch
        {
            (byte)'(' or (byte)'[' or (byte)'{' => SqlTokenKind.Open,
            (byte)')' or (byte)']' or (byte)'}' => SqlTokenKind.Close,
            (byte)';' => SqlTokenKind.Semicolon,
            _ => SqlTokenKind.Other,
        };
        return new SqlToken(kind, start, _at);
    }

    private void SkipBlanksAndComments()
    {
        while (_at < _text.Length)
        {
            var rest = _text[_at..];
            if (IsBlank(rest[0]))
                _at++;
            else if (rest.StartsWith("--"u8) || rest.StartsWith("# "u8) || rest.StartsWith("#!"u8))
                SkipPast(rest.IndexOf((byte)'\n'), 1);
            else if (rest.StartsWith("/*"u8))
                SkipPast(rest[2..].IndexOf("*/"u8), 4);
            else
                return;
        }
    }

    private void SkipPast(int offset, int more) => _at = offset < 0 ? _text.Length : _at + offset + more;

    private SqlToken TakeWord(int start)
    {
        while (_at < _text.Length && (IsWordStart(_text[_at]) || _text[_at] is >= (byte)'0' and <= (byte)'9'))
            _at++;
        return new SqlToken(SqlTokenKind.Word, start, _at);
    }

    /// <summary>'it''s' and 'it\'s' are one token each.</summary>
    private SqlToken TakeQuoted(int start, byte quote)
    {
        _at++;
        while (_at < _text.Length)
        {
            var current = _text[_at++];
            if (current == (byte)'\\')
                _at++;
            else if (current == quote && _at < _text.Length && _text[_at] == quote)
                _at++;
            else if (current == quote)
                break;
        }

        _at = Math.Min(_at, _text.Length);
        return new SqlToken(SqlTokenKind.Quoted, start, _at);
    }

    /// <summary>$tag$ … $tag$</summary>
    private bool TryTakeHereDocument(int start, out SqlToken token)
    {
        token = default;
        var length = _text[(start + 1)..].IndexOf((byte)'$');
        if (length < 0 || _text.Slice(start + 1, length).ContainsAnyExcept(WordBytes))
            return false;
        var mark = _text.Slice(start, length + 2);
        _at = start + mark.Length;
        SkipPast(_text[_at..].IndexOf(mark), mark.Length);
        token = new SqlToken(SqlTokenKind.Quoted, start, _at);
        return true;
    }

    private static SearchValues<byte> WordBytes { get; } = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private static bool IsBlank(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    private static bool IsWordStart(byte value) =>
        value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_';
}
