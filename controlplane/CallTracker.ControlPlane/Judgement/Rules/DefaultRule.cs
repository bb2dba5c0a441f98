using System.Text.Json;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>The rule for operators without one of their own: data (default-rule.json), version 0. Read once.</summary>
internal static class DefaultRule
{
    public static JudgementRule Value { get; } =
        JsonSerializer.Deserialize(EmbeddedText.Read("default-rule.json"), ApiJson.Wire.JudgementRule)!;
}
