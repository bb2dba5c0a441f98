using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No marks of unfinished work in comments, and no regions. Stateless.</summary>
internal sealed partial class BannedWordsCheck : ITidyCheck
{
    private static readonly string[] OtherCode = [".sql", ".lua", ".ts", ".tsx", ".sh", ".xml", ".yml"];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.Files.Where(file => !file.IsCorpus).SelectMany(InFile);

    private static IEnumerable<Finding> InFile(TextFile file)
    {
        if (file.IsCSharp) return InComments(file).Concat(Regions(file));
        return OtherCode.Contains(file.Extension) || file.IsScript ? InLines(file) : [];
    }

    private static IEnumerable<Finding> InComments(TextFile file)
        => from comment in file.CSharp.Comments
           from Match match in Unfinished().Matches(comment.Text)
           select Breach(file, file.LineAt(comment.Offset + match.Index), match.Value);

    private static IEnumerable<Finding> InLines(TextFile file)
        => from line in file.Lines.Index()
           let match = Unfinished().Match(line.Item)
           where match.Success
           select Breach(file, line.Index + 1, match.Value);

    private static IEnumerable<Finding> Regions(TextFile file)
        => from line in file.Lines.Index()
           where RegionStart().IsMatch(line.Item) && !IsInString(file, line.Index)
           select new Finding(file.Path, line.Index + 1, "a region", "two files");

    // A directive is blanked like a literal; what tells them apart is the quote that opened the literal above.
    private static bool IsInString(TextFile file, int lineIndex)
        => file.Lines.Take(lineIndex).Count(line => line.Contains("\"\"\"")) % 2 == 1;

    private static Finding Breach(TextFile file, int line, string word)
        => new(file.Path, line, $"the word {word}", "finished work, or an issue");

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex RegionStart();
}
