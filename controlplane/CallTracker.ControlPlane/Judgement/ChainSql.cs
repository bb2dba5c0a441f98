using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// The judging statements, put together from Sql/*.sql: which calls are looked at differs (new arrivals, callers that a
/// rule affects, withheld callers), the folding is one. Stateless.
/// </summary>
internal static class ChainSql
{
    /// <summary>Calls in the window that the ledger does not have.</summary>
    public static string Fresh { get; } = EmbeddedText.Read("judge_fresh.sql");

    /// <summary>Judges the chains that new calls belong to, and the new calls that were not answered.</summary>
    public static string Arrivals { get; } = Fold(EmbeddedText.Read("candidates_arrivals.sql"), $"fresh AS ({Fresh}),");

    public static string Unanswered { get; } =
        EmbeddedText.Read("judge_unanswered.sql").Replace("@FRESH@", Fresh, StringComparison.Ordinal);

    /// <summary>Some callers that a rule's change may affect, in order of key.</summary>
    public static string RuleCallers { get; } = EmbeddedText.Read("rule_callers.sql");

    /// <summary>Judges the chains of those callers anew.</summary>
    public static string OfRule { get; } = Fold(EmbeddedText.Read("candidates_rule.sql")
        .Replace("@CALLERS@", RuleCallers, StringComparison.Ordinal));

    /// <summary>Judges calls of withheld callers in a range of time anew.</summary>
    public static string Withheld { get; } = Fold(EmbeddedText.Read("candidates_withheld.sql"));

    private static string Fold(string candidates, string fresh = "") => EmbeddedText.Read("judge_chains.sql")
        .Replace("@CANDIDATES@", candidates, StringComparison.Ordinal)
        .Replace("@FRESH@", fresh, StringComparison.Ordinal);
}
