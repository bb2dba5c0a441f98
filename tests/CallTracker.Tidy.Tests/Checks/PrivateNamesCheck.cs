using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// No address of a package registry and no path of one machine: a clone elsewhere has its own. Scripts, and samples in
/// tests, may name the system's folder for temporary files. Stateless.
/// </summary>
internal sealed partial class PrivateNamesCheck : ITidyCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.Files
           where !file.IsCorpus
           from line in file.Lines.Index()
           let name = Breach(file, line.Item)
           where name is not null
           select new Finding(file.Path, line.Index + 1, name, "a setting, or a path below the repository");

    private static string? Breach(TextFile file, string line)
    {
        if (RegistryHost().IsMatch(line)) return "the address of a package registry";
        if (HomeFolder().IsMatch(line)) return "a path of one machine";
        var mayBeTemporary = file.IsScript || file.Path.StartsWith("tests/", StringComparison.Ordinal);
        return !mayBeTemporary && TemporaryFolder().IsMatch(line) ? "a path for temporary files" : null;
    }

    [GeneratedRegex(@"\b(nu" + @"get\.org|npm" + @"js\.org|(deb|security|ftp)\.debi" + @"an\.org|py"
        + @"pi\.org|proxy\.go" + @"lang\.org|crates\.io)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"(?<![\w.})*-])/(?:wo" + @"rk|ro" + @"ot|ho" + @"me/\w+)/")]
    private static partial Regex HomeFolder();

    [GeneratedRegex(@"(?<![\w.})*-])/tm" + @"p/")]
    private static partial Regex TemporaryFolder();
}
