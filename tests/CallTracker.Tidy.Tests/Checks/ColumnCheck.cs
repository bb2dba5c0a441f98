using System.Text;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No line over 120 columns, tests and documents too. Stateless.</summary>
internal sealed class ColumnCheck : ITidyCheck
{
    public const int ColumnsMax = 120;
    private static readonly string[] Extensions = [".cs", ".md", ".sql", ".lua", ".ts", ".tsx", ".sh", ".csproj"];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.Files
           where !file.IsCorpus && (Extensions.Contains(file.Extension) || file.IsScript)
           from line in file.Lines.Index()
           let columns = line.Item.EnumerateRunes().Count()
           where columns > ColumnsMax
           select new Finding(file.Path, line.Index + 1, $"{columns} columns (at most {ColumnsMax})", "two lines");
}
