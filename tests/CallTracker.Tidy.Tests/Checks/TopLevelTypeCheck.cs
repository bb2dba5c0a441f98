using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>One top-level type per file, and the file bears its name. Stateless.</summary>
internal sealed class TopLevelTypeCheck : ITidyCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.CSharpFiles.SelectMany(InFile);

    private static IEnumerable<Finding> InFile(TextFile file)
    {
        var types = MemberReader.Read(file.CSharp)
            .Where(member => member is { Depth: 0, Kind: MemberKind.Type })
            .ToArray();
        foreach (var second in types.Skip(1))
            yield return new Finding(file.Path, second.FirstLine, $"a second type, {second.Name}", "a file of its own");
        var name = Path.GetFileNameWithoutExtension(file.Path);
        if (types.Length > 0 && types[0].Name != name && name != "Program")
            yield return new Finding(file.Path, types[0].FirstLine, $"type {types[0].Name} in {file.Name}",
                $"{types[0].Name}.cs");
    }
}
