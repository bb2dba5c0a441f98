using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary><c>partial</c> is for source generators; a type in several files is several types. Stateless.</summary>
internal sealed partial class PartialTypeCheck : ITidyCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.CSharpFiles
           let match = PartialType().Match(file.CSharp.Code)
           where match.Success && !GeneratorUse().IsMatch(file.CSharp.Code)
           select new Finding(file.Path, file.LineAt(match.Index), "a partial type without a source generator",
               "several types");

    [GeneratedRegex(@"\bpartial\s+(class|struct|record|interface)\b")]
    private static partial Regex PartialType();

    [GeneratedRegex(@"\[(LibraryImport|LoggerMessage|GeneratedRegex|JsonSerializable|JsonSourceGenerationOptions)\b")]
    private static partial Regex GeneratorUse();
}
