using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// Every top-level type of the product says what it is; no summary anywhere is empty or only repeats the name of what
/// it stands above. Stateless.
/// </summary>
internal sealed partial class DocCommentCheck : ITidyCheck
{
    private static readonly string[] Fillers =
        ["a", "an", "the", "of", "for", "is", "this", "class", "struct", "record", "interface", "enum", "constructor"];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.CSharpFiles.SelectMany(file => Missing(file).Concat(Tautologies(file)));

    private static IEnumerable<Finding> Missing(TextFile file)
        => from type in MemberReader.Read(file.CSharp)
           where type is { Depth: 0, Kind: MemberKind.Type } && IsProduct(file) && !HasSummary(file, type)
           select new Finding(file.Path, type.FirstLine, $"{type.Name} has no summary",
               "a sentence: what it is, who owns it, which thread");

    private static bool IsProduct(TextFile file) => !file.Path.StartsWith("tests/", StringComparison.Ordinal);

    private static bool HasSummary(TextFile file, Member type)
    {
        // The line above the first attribute; an attribute may take several lines.
        var line = type.FirstLine - type.Attributes.Count(letter => letter == '\n') - 2;
        while (line >= 0 && file.Lines[line].TrimStart().StartsWith('#')) line--;
        return line >= 0 && file.Lines[line].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    private static IEnumerable<Finding> Tautologies(TextFile file)
    {
        var lines = file.Lines;
        for (var first = 0; first < lines.Count; first++)
        {
            if (!SummaryStart().IsMatch(lines[first])) continue;
            var last = first;
            while (last < lines.Count && !lines[last].Contains("</summary>")) last++;
            var words = Words(string.Join(' ', lines.Skip(first).Take(last - first + 1)));
            var named = last + 1;
            while (named < lines.Count && NotYetCode().IsMatch(lines[named])) named++;
            var nameWords = named < lines.Count ? NameWords(lines[named]) : [];
            if (words.Count == 0) yield return Breach(file, first, "an empty summary");
            else if (words.SetEquals(nameWords)) yield return Breach(file, first, "a summary that repeats the name");
        }
    }

    private static HashSet<string> Words(string comment)
        => [.. Word().Matches(Markup().Replace(comment, m => m.Groups["cref"].Value + " "))
            .SelectMany(match => NameWords(match.Value)).Except(Fillers)];

    private static HashSet<string> NameWords(string line)
    {
        var name = DeclaredName().Match(line).Groups["name"].Value;
        return [.. Hump().Matches(name.Length > 0 ? name : line).Select(match => match.Value.ToLowerInvariant())];
    }

    private static Finding Breach(TextFile file, int lineIndex, string what)
        => new(file.Path, lineIndex + 1, what, "a sentence that says why or for whom, or no comment");

    [GeneratedRegex(@"^\s*///\s*<summary>")]
    private static partial Regex SummaryStart();

    [GeneratedRegex(@"^\s*(///.*|\[.*\]\s*)?$")]
    private static partial Regex NotYetCode();

    [GeneratedRegex(@"///|<(see|paramref|typeparamref)\s+\w+=""(?<cref>[^""]*)""\s*/>|</?[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<name>\w+)\s*(<[^()]*>)?\s*([({;:=]|$)")]
    private static partial Regex DeclaredName();

    [GeneratedRegex(@"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")]
    private static partial Regex Hump();
}
