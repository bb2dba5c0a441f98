using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No file over 500 lines: a longer one holds two things. Stateless.</summary>
internal sealed class FileLengthCheck : ITidyCheck
{
    public const int LinesMax = 500;
    private static readonly string[] Extensions = [".cs", ".md", ".sql", ".lua", ".ts", ".tsx", ".sh"];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.Files
           where !file.IsCorpus && (Extensions.Contains(file.Extension) || file.IsScript)
           where file.Lines.Count > LinesMax
           select new Finding(file.Path, LinesMax + 1, $"{file.Lines.Count} lines (at most {LinesMax})",
               "one file per thing it holds");
}
