using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>No method, property or top-level program over 70 lines. Stateless.</summary>
internal sealed class MethodLengthCheck : ITidyCheck
{
    public const int LinesMax = 70;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
        => repository.CSharpFiles.SelectMany(file => InFile(file, MemberReader.Read(file.CSharp)));

    private static IEnumerable<Finding> InFile(TextFile file, IReadOnlyList<Member> members)
    {
        foreach (var member in members)
        {
            if (member.Depth > 0 && member.Kind == MemberKind.Code && member.LineCount > LinesMax)
                yield return Breach(file, member.FirstLine, $"{member.Name} has {member.LineCount} lines");
        }
        var statements = members.Where(IsStatement).ToArray();
        if (statements.Length == 0) yield break;
        var lineCount = statements[^1].LastLine - statements[0].FirstLine + 1;
        if (lineCount > LinesMax)
            yield return Breach(file, statements[0].FirstLine, $"the program has {lineCount} lines");
    }

    private static bool IsStatement(Member member)
        => member.Depth == 0 && member.Kind is MemberKind.Code or MemberKind.Field;

    private static Finding Breach(TextFile file, int line, string what)
        => new(file.Path, line, $"{what} (at most {LinesMax})", "a parent that decides and children that do");
}
