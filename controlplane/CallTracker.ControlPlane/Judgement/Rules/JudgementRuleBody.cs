namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// What a client sends to create or replace a rule; what is absent takes the value of the default rule.
/// </summary>
public sealed record JudgementRuleBody
{
    public string? Name { get; init; }
    /// <summary>operator (default), advertiser or number. Cannot be changed.</summary>
    public string Scope { get; init; } = "operator";
    /// <summary>A client_id or dialin_id, as the scope says. Cannot be changed.</summary>
    public string? ScopeId { get; init; }
    /// <summary>ISO 8601; without offset Japan Standard Time.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }
    public DateTimeOffset? EffectiveTo { get; init; }
    /// <summary>0 to 3600.</summary>
    public int MinTalkSec { get; init; } = 1;
    /// <summary>0 (off) to 34560000 (400 days).</summary>
    public long DupWindowSec { get; init; } = 86400;
    /// <summary>number (default), advertiser or operator.</summary>
    public string DupScope { get; init; } = "number";
    /// <summary>valid_only (default) or any_connected.</summary>
    public string DupAnchor { get; init; } = "valid_only";
    /// <summary>&lt;= (default) or &lt;.</summary>
    public string DupBoundary { get; init; } = "<=";
    /// <summary>never_dup (default) or always_dup.</summary>
    public string Withheld { get; init; } = "never_dup";
    /// <summary>Up to 1000 numbers whose calls never count.</summary>
    public IReadOnlyList<string> ExcludedCallers { get; init; } = [];
}
