using System.Text.RegularExpressions;

namespace CallTracker.Tidy.Tests.Source;

/// <summary>
/// Finds the declarations of a C# file by its braces and semicolons. It is no compiler: it needs what the formatter
/// and the compiler have already accepted. Used once per file, by one thread.
/// </summary>
internal sealed partial class MemberReader
{
    private readonly string _code;
    private readonly List<Member> _members = [];
    private int _at;

    private MemberReader(string code) => _code = code;

    /// <summary>All declarations of <paramref name="text"/> in order, those of nested types too.</summary>
    public static IReadOnlyList<Member> Read(CSharpText text)
    {
        var reader = new MemberReader(text.Code);
        reader.ReadMembers(0);
        return reader._members;
    }

    private void ReadMembers(int depth)
    {
        while (SkipSpace() && _code[_at] != '}') ReadMember(depth);
        _at++;
    }

    private void ReadMember(int depth)
    {
        var attributesAt = _at;
        while (SkipSpace() && _code[_at] == '[') SkipBalanced();
        var attributes = _code[attributesAt..Math.Min(_at, _code.Length)];
        var start = _at;
        SkipHeader();
        var header = _code[start..Math.Min(_at, _code.Length)];
        var kind = KindOf(header, endsWithSemicolon: _at < _code.Length && _code[_at] == ';');
        var slot = _members.Count;
        SkipBody(header, kind, depth);
        var end = Math.Min(_at, _code.Length) - 1;
        if (end < start) return;
        _members.Insert(slot, new Member(
            kind, NameOf(header, kind), depth, Line(start), Line(end), attributes, header));
    }

    // Up to the brace or semicolon at the member's own level.
    private void SkipHeader()
    {
        while (_at < _code.Length && _code[_at] is not ('{' or ';' or '}'))
        {
            if (_code[_at] is '(' or '[') SkipBalanced();
            else _at++;
        }
    }

    private void SkipBody(string header, MemberKind kind, int depth)
    {
        if (_at >= _code.Length || _code[_at] == '}') return;
        if (_code[_at] == ';')
        {
            _at++;
            return;
        }
        if (HoldsMembers(header, kind))
        {
            _at++;
            ReadMembers(depth + (kind == MemberKind.Type ? 1 : 0));
            return;
        }
        SkipBalanced();
        if (kind == MemberKind.Field || header.Contains("=>") || NextIs('=')) SkipToSemicolon();
    }

    private void SkipToSemicolon()
    {
        while (_at < _code.Length && _code[_at] != ';')
        {
            if (_code[_at] is '(' or '[' or '{') SkipBalanced();
            else _at++;
        }
        _at++;
    }

    private void SkipBalanced()
    {
        var depth = 0;
        do
        {
            if (_code[_at] is '(' or '[' or '{') depth++;
            if (_code[_at] is ')' or ']' or '}') depth--;
            _at++;
        }
        while (depth > 0 && _at < _code.Length);
    }

    private bool SkipSpace()
    {
        while (_at < _code.Length && char.IsWhiteSpace(_code[_at])) _at++;
        return _at < _code.Length;
    }

    private bool NextIs(char letter)
    {
        var at = _at;
        while (at < _code.Length && char.IsWhiteSpace(_code[at])) at++;
        return at < _code.Length && _code[at] == letter;
    }

    private int Line(int offset) => CSharpText.LineAt(_code, offset);

    private static bool HoldsMembers(string header, MemberKind kind)
        => kind == MemberKind.Frame || (kind == MemberKind.Type && !EnumWord().IsMatch(header));

    private static MemberKind KindOf(string header, bool endsWithSemicolon)
    {
        if (FrameStart().IsMatch(header)) return MemberKind.Frame;
        if (TypeStart().IsMatch(header)) return MemberKind.Type;
        var plain = OperatorName().Replace(header, "operator");
        var equals = TopLevelEquals(plain);
        if (equals < 0) return endsWithSemicolon && !plain.Contains('(') ? MemberKind.Field : MemberKind.Code;
        return equals + 1 < plain.Length && plain[equals + 1] == '>' ? MemberKind.Code : MemberKind.Field;
    }

    private static int TopLevelEquals(string header)
    {
        var depth = 0;
        for (var at = 0; at < header.Length; at++)
        {
            if (header[at] is '(' or '[') depth++;
            if (header[at] is ')' or ']') depth--;
            if (depth == 0 && header[at] == '=') return at;
        }
        return -1;
    }

    private static string NameOf(string header, MemberKind kind)
        => kind == MemberKind.Type
            ? TypeStart().Match(header).Groups["name"].Value
            : CodeName().Match(header).Groups["name"].Value;

    [GeneratedRegex(@"^\s*((global\s+)?using\s(?!.*\bvar\b)|(extern\s|namespace\s|extension\s*[(<]))")]
    private static partial Regex FrameStart();

    [GeneratedRegex(@"^(\s*\b(public|internal|private|protected|file|static|sealed|abstract|readonly|ref|unsafe|partial"
        + @"|new)\b)*"
        + @"\s*\b((record\s+)?(class|struct)|interface|enum|record|delegate\s+[^(]*?)\s+(?<name>\w+)\s*([<({:;\s]|$)")]
    private static partial Regex TypeStart();

    [GeneratedRegex(@"\benum\s+\w+\s*(:\s*\w+\s*)?$")]
    private static partial Regex EnumWord();

    [GeneratedRegex(@"\boperator\s*(checked\s*)?[^\w\s(]+")]
    private static partial Regex OperatorName();

    [GeneratedRegex(@"(?<name>\w+)\s*(<[^()]*>)?\s*(\(|$|=>|=)")]
    private static partial Regex CodeName();
}
