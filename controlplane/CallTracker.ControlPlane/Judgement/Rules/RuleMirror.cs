using System.Buffers;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// Copies rules from Redis into ClickHouse, where calls are judged by them. Used by the judge only, on its thread.
/// Writing a rule twice does no harm: ClickHouse keeps one row per rule, that of the highest version.
/// </summary>
internal sealed class RuleMirror(ClickHouseClient clickHouse, RuleStore store)
{
    private const string Columns = "operator_id, rule_id, rule_version, scope, scope_id, effective_from_ms, "
        + "effective_to_ms, min_talk_sec, dup_window_ms, dup_scope, dup_anchor, dup_boundary, withheld, "
        + "excluded_keys, is_deleted";
    private const long EndlessMs = long.MaxValue;
    private const int RulesPerInsert = 1000;

    /// <summary>The default and all rules there are: at start, when nobody knows what ClickHouse has.</summary>
    public async Task CopyAllAsync(CancellationToken ct)
    {
        var rows = new List<(string, StoredRule, bool)> { ("", new StoredRule { Rule = DefaultRule.Value }, false) };
        await foreach (var (operatorId, rule) in store.AllAsync())
        {
            rows.Add((operatorId, rule, false));
            if (rows.Count < RulesPerInsert) continue;
            await InsertAsync(rows, ct);
            rows.Clear();
        }
        if (rows.Count > 0) await InsertAsync(rows, ct);
    }

    public Task CopyAsync(PendingRule change, CancellationToken ct) =>
        InsertAsync([(change.OperatorId, change.Stored, change.IsDeleted)], ct);

    private Task InsertAsync(
        IReadOnlyList<(string OperatorId, StoredRule Rule, bool IsDeleted)> rows, CancellationToken ct)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new RowBinaryWriter(bytes);
        foreach (var (operatorId, rule, isDeleted) in rows) Write(writer, operatorId, rule, isDeleted);
        return clickHouse.InsertAsync("judgement_rules", Columns, "RowBinary", bytes.WrittenMemory, ct: ct);
    }

    // The enumerations are those of 020_judgement_rules.sql.
    private static void Write(RowBinaryWriter writer, string operatorId, StoredRule stored, bool isDeleted)
    {
        var rule = stored.Rule;
        writer.String(operatorId);
        writer.String(rule.RuleId);
        writer.UInt64(rule.Version);
        writer.UInt8(Ordinal(rule.Scope, "operator", "advertiser", "number"));
        writer.String(rule.ScopeId);
        writer.UnixMs(rule.EffectiveFrom?.ToUnixTimeMilliseconds() ?? 0);
        writer.UnixMs(rule.EffectiveTo?.ToUnixTimeMilliseconds() ?? EndlessMs);
        writer.UInt32((uint)rule.MinTalkSec);
        writer.UnixMs(rule.DupWindowSec * 1000);
        writer.UInt8(Ordinal(rule.DupScope, "number", "advertiser", "operator"));
        writer.UInt8(Ordinal(rule.DupAnchor, "valid_only", "any_connected"));
        writer.UInt8(Ordinal(rule.DupBoundary, "<=", "<"));
        writer.UInt8(Ordinal(rule.Withheld, "never_dup", "always_dup"));
        writer.Count(stored.ExcludedKeys.Count);
        foreach (var key in stored.ExcludedKeys) writer.UInt64(key);
        writer.UInt8(isDeleted ? (byte)1 : (byte)0);
    }

    private static byte Ordinal(string word, params ReadOnlySpan<string> words) => (byte)(words.IndexOf(word) + 1);
}
