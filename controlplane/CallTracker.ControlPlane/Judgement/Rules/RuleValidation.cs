using System.Text.Json;
using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>Reads and checks a rule's document. Stateless.</summary>
internal static class RuleValidation
{
    public const int MinTalkSecMax = 3600;
    public const long DupWindowSecMax = 400L * 86400;
    public const int ExcludedMax = 1000;
    private const int WrittenLengthMax = 200;

    /// <param name="root">The document.</param>
    /// <param name="current">The rule that is replaced; its scope cannot change. Null when creating.</param>
    /// <param name="numbers">Opens excluded callers that come back sealed.</param>
    public static Validated<JudgementRuleBody> Read(JsonElement root, JudgementRule? current, CallerNumbers numbers)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var scope = fields.Word("scope", "operator", "advertiser", "number");
        var body = new JudgementRuleBody
        {
            Name = fields.Text("name", 200) ?? "",
            Scope = scope,
            ScopeId = ReadScopeId(fields, scope),
            EffectiveFrom = ReadTime(fields, "effective_from"),
            EffectiveTo = ReadTime(fields, "effective_to"),
            MinTalkSec = (int)fields.Integer("min_talk_sec", 0, MinTalkSecMax, 1),
            DupWindowSec = fields.Integer("dup_window_sec", 0, DupWindowSecMax, 86400),
            DupScope = fields.Word("dup_scope", "number", "advertiser", "operator"),
            DupAnchor = fields.Word("dup_anchor", "valid_only", "any_connected"),
            DupBoundary = fields.Word("dup_boundary", "<=", "<"),
            Withheld = fields.Word("withheld", "never_dup", "always_dup"),
            ExcludedCallers = ReadExcluded(fields, numbers),
        };
        CheckWhole(fields, body, current);
        fields.Ignore("version", "rule_id", "created_at", "updated_at");
        fields.RefuseUnknown();
        return Validated<JudgementRuleBody>.From(body, errors);
    }

    private static void CheckWhole(JsonFields fields, JudgementRuleBody body, JudgementRule? current)
    {
        if (body.EffectiveTo <= body.EffectiveFrom) fields.Refuse("effective_to", "Must be later than effective_from.");
        if (current is null) return;
        if (body.Scope != current.Scope) fields.Refuse("scope", "Cannot be changed; make another rule.");
        if (body.ScopeId != current.ScopeId) fields.Refuse("scope_id", "Cannot be changed; make another rule.");
    }

    private static string ReadScopeId(JsonFields fields, string scope)
    {
        var isOperator = scope == "operator";
        var id = fields.Text("scope_id", Identifier.LengthMax, isRequired: !isOperator) ?? "";
        if (isOperator && id.Length > 0) fields.Refuse("scope_id", "Must be absent when the scope is operator.");
        else if (id.Length > 0 && !Identifier.IsValid(id)) fields.Refuse("scope_id", Identifier.Rule);
        return id;
    }

    private static DateTimeOffset? ReadTime(JsonFields fields, string name)
    {
        if (fields.Text(name, 40) is not { } text) return null;
        if (CallTime.Parse(text) is { } ms) return DateTimeOffset.FromUnixTimeMilliseconds(ms);
        fields.Refuse(name, "Must be an ISO 8601 time.");
        return null;
    }

    private static List<string> ReadExcluded(JsonFields fields, CallerNumbers numbers)
    {
        var excluded = new List<string>();
        foreach (var (text, pointer) in fields.Texts("excluded_callers", ExcludedMax))
        {
            var number = text.Length > WrittenLengthMax ? null
                : NumberingPlan.Normalise(text) ?? NumberingPlan.Normalise(numbers.Open(text));
            if (number is null) fields.Errors.Add(new FieldError(pointer, "Is no telephone number."));
            else if (!excluded.Contains(number, StringComparer.Ordinal)) excluded.Add(number);
        }
        return excluded;
    }
}
