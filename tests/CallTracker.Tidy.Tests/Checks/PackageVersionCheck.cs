using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>Package versions stand in <c>Directory.Packages.props</c> and nowhere else. Stateless.</summary>
internal sealed partial class PackageVersionCheck : ITidyCheck
{
    private const string VersionsFile = "Directory.Packages.props";

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.Files
            .Where(file => file.Extension is ".csproj" or ".props" or ".targets" && file.Path != VersionsFile)
            .SelectMany(file => InFile(repository, file));

    private static IEnumerable<Finding> InFile(Repository repository, TextFile file)
    {
        var versions = repository.Find(VersionsFile)?.Text ?? "";
        foreach (var (index, line) in file.Lines.Index())
        {
            if (Package().Match(line) is not { Success: true } match) continue;
            if (Version().IsMatch(line))
                yield return new Finding(file.Path, index + 1, "a package version", VersionsFile);
            if (!versions.Contains($"Include=\"{match.Groups["name"].Value}\""))
                yield return new Finding(file.Path, index + 1, "no version is given", $"a line in {VersionsFile}");
        }
    }

    [GeneratedRegex(@"<Package(Reference|Version)\s+Include=""(?<name>[^""]+)""")]
    private static partial Regex Package();

    [GeneratedRegex(@"\bVersion(Override)?=")]
    private static partial Regex Version();
}
