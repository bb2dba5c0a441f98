using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>A test's name is a claim in three parts: <c>Subject_Condition_Outcome</c>. Stateless.</summary>
internal sealed partial class TestNameCheck : ITidyCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => from file in repository.CSharpFiles
           where file.Path.StartsWith("tests/", StringComparison.Ordinal)
           from member in MemberReader.Read(file.CSharp)
           where TestAttribute().IsMatch(member.Attributes) && !Claim().IsMatch(member.Name)
           select new Finding(file.Path, member.FirstLine, $"test {member.Name}", "Subject_Condition_Outcome");

    [GeneratedRegex(@"\[\s*(\w+\s*,\s*)?(Fact|Theory)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^[A-Z0-9][A-Za-z0-9]*_[A-Z0-9][A-Za-z0-9]*_[A-Z0-9][A-Za-z0-9]*$")]
    private static partial Regex Claim();
}
