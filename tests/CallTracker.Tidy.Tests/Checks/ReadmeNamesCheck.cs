using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// What a README puts in backticks exists: a type or member name stands in the source, a path of this repository leads
/// to a file or folder. Stateless.
/// </summary>
internal sealed partial class ReadmeNamesCheck : ITidyCheck
{
    private static readonly string[] Roots =
        ["dataplane", "controlplane", "tests", "benchmarks", "loadtests", "ops", ".ci"];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
    {
        var words = Words(repository);
        return from readme in repository.Files
               where readme.Name == "README.md"
               from line in readme.Lines.Index()
               from Match match in Quoted().Matches(line.Item)
               let name = match.Groups["name"].Value
               where !Exists(repository, words, readme, name)
               select new Finding(readme.Path, line.Index + 1, $"`{name}` is not in the source", "a name that exists");
    }

    private static bool Exists(Repository repository, HashSet<string> words, TextFile readme, string name)
    {
        if (TypeName().IsMatch(name)) return words.Contains(name);
        if (!PathName().IsMatch(name) || !Roots.Contains(name.Split('/')[0])) return true;
        return IsThere(repository, name) || IsThere(repository, Path.GetDirectoryName(readme.Path) + "/" + name);
    }

    private static bool IsThere(Repository repository, string path)
        => repository.Find(path) is not null || repository.HasFolder(path);

    // A name may also stand in SQL, a script or a project file.
    private static HashSet<string> Words(Repository repository)
        => [.. repository.Files
            .Where(file => file.Extension != ".md" && !file.IsCorpus)
            .SelectMany(file => Word().Matches(file.IsCSharp ? file.CSharp.Code : file.Text))
            .Select(match => match.Value)];

    [GeneratedRegex(@"`(?<name>[^`\s]+)`")]
    private static partial Regex Quoted();

    // At least two humps, so that Redis or OPTIONS is taken for a word.
    [GeneratedRegex(@"^[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^[\w.\-]+(/[\w.\-]+)+/?$")]
    private static partial Regex PathName();

    [GeneratedRegex(@"[A-Za-z_]\w+")]
    private static partial Regex Word();
}
