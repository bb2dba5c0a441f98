namespace CallTracker.Tidy.Tests.Source;

/// <summary>One line of STYLE.md's table of checks. Stateless: a repository in, findings out.</summary>
internal interface ITidyCheck
{
    /// <summary>Everything in <paramref name="repository"/> that breaks the rule.</summary>
    IEnumerable<Finding> Run(Repository repository);
}
