using System.IO.Enumeration;

namespace CallTracker.Tidy.Tests.Source;

/// <summary>
/// The part of <c>.gitignore</c> that this repository uses: names with <c>*</c>, with a slash at the end for folders.
/// Immutable.
/// </summary>
internal sealed class IgnoreRules(IEnumerable<string> lines)
{
    private readonly string[] _patterns =
        [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>True when git would not see an entry of this name.</summary>
    public bool Matches(string name, bool isFolder)
        => name == ".git" || _patterns.Any(pattern => Matches(pattern, name, isFolder));

    private static bool Matches(string pattern, string name, bool isFolder)
        => pattern.EndsWith('/')
            ? isFolder && FileSystemName.MatchesSimpleExpression(pattern.AsSpan(..^1), name, ignoreCase: false)
            : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
