namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// A rule of judgement as a versioned document. The version is the one that verdicts name. Immutable; a change makes a
/// new version, and all versions are kept.
/// </summary>
public sealed record JudgementRule
{
    public ulong Version { get; init; }
    public required string RuleId { get; init; }
    public string Name { get; init; } = "";
    /// <summary>operator, advertiser or number; the more special rule wins.</summary>
    public required string Scope { get; init; }
    /// <summary>The client_id or dialin_id; empty for the whole operator.</summary>
    public string ScopeId { get; init; } = "";
    /// <summary>The rule judges calls that arrived from here on; absent for all.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }
    /// <summary>…and before this time; absent for no end.</summary>
    public DateTimeOffset? EffectiveTo { get; init; }
    /// <summary>Talk of fewer seconds is 無効(未満).</summary>
    public int MinTalkSec { get; init; }
    /// <summary>How long after its anchor a call is a duplicate; 0 switches duplicates off.</summary>
    public long DupWindowSec { get; init; }
    /// <summary>number, advertiser or operator: among which calls of the caller an anchor is sought.</summary>
    public required string DupScope { get; init; }
    /// <summary>valid_only: only a valid call is an anchor. any_connected: every answered call is.</summary>
    public required string DupAnchor { get; init; }
    /// <summary>&lt;= when a call exactly one window after its anchor is still a duplicate, else &lt;.</summary>
    public required string DupBoundary { get; init; }
    /// <summary>never_dup or always_dup: how callers without a number are judged.</summary>
    public required string Withheld { get; init; }
    /// <summary>Numbers whose calls never count; sealed, unless the key may see callers' numbers.</summary>
    public IReadOnlyList<string> ExcludedCallers { get; init; } = [];
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}
