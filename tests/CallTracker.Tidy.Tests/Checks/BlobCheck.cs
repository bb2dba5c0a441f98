using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No file over 256 KiB but the captured input of parsers. Stateless.</summary>
internal sealed class BlobCheck : ITidyCheck
{
    public const int BytesMax = 256 * 1024;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.Files
           where file.Length > BytesMax && !file.IsCorpus
           select new Finding(file.Path, 0, $"{file.Length} bytes (at most {BytesMax})",
               "data made by a script, or a tests/**/Corpus folder");
}
