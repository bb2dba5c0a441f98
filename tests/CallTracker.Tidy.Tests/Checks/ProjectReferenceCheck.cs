using System.Xml.Linq;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// The references of every project are those of <c>projects.tsv</c>, which mirrors the table in the architecture:
/// folder, name, <c>exactly</c> or <c>at-most</c>, references. Stateless.
/// </summary>
internal sealed class ProjectReferenceCheck : ITidyCheck
{
    public const string TableFile = "tests/CallTracker.Tidy.Tests/projects.tsv";

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
    {
        var rows = Rows(repository.Find(TableFile)).ToDictionary(row => row.Name, StringComparer.Ordinal);
        var projects = repository.Files.Where(file => file.Extension == ".csproj").ToArray();
        return projects.SelectMany(project => OfProject(project, rows))
            .Concat(rows.Values.Where(row => projects.All(project => NameOf(project.Path) != row.Name)).Select(row
                => new Finding(TableFile, row.Line, $"{row.Name} is no project", "the projects that exist")));
    }

    private static IEnumerable<Finding> OfProject(TextFile project, Dictionary<string, Row> rows)
    {
        if (!rows.TryGetValue(NameOf(project.Path), out var row))
        {
            yield return new Finding(project.Path, 1, "a project that is not in the table", $"a row in {TableFile}");
            yield break;
        }
        var references = References(project);
        foreach (var extra in references.Except(row.References))
            yield return new Finding(project.Path, LineOf(project, extra), $"a reference to {extra}",
                $"what {TableFile} allows: {string.Join(", ", row.References.DefaultIfEmpty("nothing"))}");
        if (!row.IsExact) yield break;
        foreach (var missing in row.References.Except(references))
            yield return new Finding(project.Path, 1, $"no reference to {missing}", $"the references of {TableFile}");
    }

    private static string[] References(TextFile project)
        => [.. XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Select(element => NameOf(element.Attribute("Include")?.Value ?? ""))];

    private static int LineOf(TextFile project, string reference)
        => project.Lines.Index().FirstOrDefault(line => line.Item.Contains(reference + ".csproj")).Index + 1;

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<Row> Rows(TextFile? table)
        => from line in (table?.Lines ?? []).Index()
           where line.Item.Length > 0 && line.Item[0] != '#'
           let cells = line.Item.Split('\t')
           select new Row(cells[0], cells[1] == "exactly", line.Index + 1,
               [.. cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "-")]);

    private sealed record Row(string Name, bool IsExact, int Line, string[] References);
}
