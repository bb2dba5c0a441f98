using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No statement inside a comment: git remembers old code. Stateless.</summary>
internal sealed partial class CommentedOutCodeCheck : ITidyCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.CSharpFiles
           from comment in file.CSharp.Comments
           where Statement().IsMatch(comment.Text)
           select new Finding(file.Path, file.LineAt(comment.Offset), "commented-out code", "git's history");

    [GeneratedRegex(@"^//(?!/).*;\s*$")]
    private static partial Regex Statement();
}
