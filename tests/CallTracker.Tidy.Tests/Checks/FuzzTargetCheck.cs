using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// A fuzz target is a type <c>…FuzzTarget</c> of a test project: a test of that project runs it (the smoke test), and
/// <c>Corpus/…</c> beside it holds its first inputs. Stateless.
/// </summary>
internal sealed class FuzzTargetCheck : ITidyCheck
{
    private const string Suffix = "FuzzTarget";

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.CSharpFiles.Where(IsTarget).SelectMany(file => OfTarget(repository, file));

    private static bool IsTarget(TextFile file)
        => Path.GetFileNameWithoutExtension(file.Path).EndsWith(Suffix, StringComparison.Ordinal)
            && file.Name != Suffix + ".cs" && file.Name != "I" + Suffix + ".cs";

    private static IEnumerable<Finding> OfTarget(Repository repository, TextFile target)
    {
        var type = Path.GetFileNameWithoutExtension(target.Path);
        var project = string.Join('/', target.Path.Split('/').Take(2));
        if (!repository.CSharpFiles.Any(file => IsSmokeTest(file, project, type)))
            yield return new Finding(target.Path, 1, $"{type} has no smoke test", $"a test in {project} that runs it");
        var corpus = $"{project}/Corpus/{type[..^Suffix.Length]}";
        if (!repository.HasFolder(corpus))
            yield return new Finding(target.Path, 1, $"{type} has no corpus", $"files in {corpus}");
    }

    private static bool IsSmokeTest(TextFile file, string project, string type)
        => file.Path.StartsWith(project + "/", StringComparison.Ordinal)
            && file.Name.EndsWith("Tests.cs", StringComparison.Ordinal)
            && file.CSharp.Code.Contains(type);
}
