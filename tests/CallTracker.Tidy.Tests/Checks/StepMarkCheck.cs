using System.Text.RegularExpressions;
using CallTracker.Tidy.Tests.Source;

namespace CallTracker.Tidy.Tests.Checks;

/// <summary>
/// The numbered paths of README.md and the marks in the code are the same: every step 1 to 12 and P1 to P7 stands once
/// in README with its file, and its mark stands once in the code, in that file. Stateless.
/// </summary>
internal sealed partial class StepMarkCheck : ITidyCheck
{
    private const string Readme = "README.md";
    private static readonly string[] Steps =
        [.. Enumerable.Range(1, 12).Select(step => $"{step}"), .. Enumerable.Range(1, 7).Select(step => $"P{step}")];

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(Repository repository)
    {
        var rows = Rows(repository.Find(Readme)).ToLookup(row => row.Step, StringComparer.Ordinal);
        var marks = Marks(repository).ToLookup(mark => mark.Step, StringComparer.Ordinal);
        return Steps.SelectMany(step => OfStep(step, [.. rows[step]], [.. marks[step]]))
            .Concat(marks.Where(mark => !Steps.Contains(mark.Key)).SelectMany(Unknown));
    }

    private static IEnumerable<Finding> OfStep(string step, StepPlace[] rows, StepPlace[] marks)
    {
        if (rows.Length != 1)
        {
            yield return new Finding(Readme, rows.LastOrDefault()?.Line ?? 0,
                $"step {step} stands {rows.Length} times in the paths", "one row with its file");
            yield break;
        }
        var row = rows[0];
        if (marks.Length == 0)
            yield return new Finding(Readme, row.Line, $"no code bears the mark of step {step}",
                $"a comment \":: Step {step}\" in {row.File}");
        foreach (var mark in marks.Where(mark => mark.File != row.File))
            yield return new Finding(mark.File, mark.Line, $"the mark of step {step} outside {row.File}",
                "the file that README names, or a README that names this one");
        foreach (var mark in marks.Skip(1))
            yield return new Finding(mark.File, mark.Line, $"the mark of step {step} again", "one mark per step");
    }

    private static IEnumerable<Finding> Unknown(IEnumerable<StepPlace> marks)
        => marks.Select(mark
            => new Finding(mark.File, mark.Line, $"step {mark.Step} is in no path", "a step of README"));

    private static IEnumerable<StepPlace> Rows(TextFile? readme)
        => from line in (readme?.Lines ?? []).Index()
           let match = Row().Match(line.Item)
           where match.Success
           select new StepPlace(match.Groups["step"].Value, match.Groups["file"].Value, line.Index + 1);

    private static IEnumerable<StepPlace> Marks(Repository repository)
        => from file in repository.CSharpFiles
           from comment in file.CSharp.Comments
           from Match match in Mark().Matches(comment.Text)
           select new StepPlace(match.Groups["step"].Value, file.Path, file.LineAt(comment.Offset + match.Index));

    // | 5 | the route is looked up | `dataplane/CallTracker.Calls/Steps/LookUpRoute.cs` |
    [GeneratedRegex(@"^\|\s*(?<step>P?\d+)\s*\|.*`(?<file>[^`]+\.\w+)`\s*\|\s*$")]
    private static partial Regex Row();

    [GeneratedRegex(@":: Step (?<step>P?\d+)\b")]
    private static partial Regex Mark();

    private sealed record StepPlace(string Step, string File, int Line);
}
