using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>Every script names bash by way of env, stops at the first error, and may be executed. Stateless.</summary>
internal sealed class ScriptCheck : ITidyCheck
{
    private const string FirstLine = "#!/usr/bin/env bash";
    private const string Strict = "set -euo pipefail";

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.Files.Where(file => file.IsScript && !file.IsCorpus).SelectMany(InFile);

    private static IEnumerable<Finding> InFile(TextFile file)
    {
        if (file.Lines[0] != FirstLine)
            yield return new Finding(file.Path, 1, $"the first line is not {FirstLine}", FirstLine);
        var first = file.Lines.Index().FirstOrDefault(line => line.Item.Length > 0 && line.Item[0] != '#');
        if (first.Item != Strict)
            yield return new Finding(file.Path, first.Index + 1, "the first command lets errors pass", Strict);
        if (!file.IsExecutable)
            yield return new Finding(file.Path, 0, "a script without the executable bit", "chmod +x");
    }
}
