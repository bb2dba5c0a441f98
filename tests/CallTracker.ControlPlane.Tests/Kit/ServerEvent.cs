using System.Text.Json;

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>One server-sent event of the live call log.</summary>
internal sealed record ServerEvent(string Id, string Name, JsonElement Data)
{
    public string TrnId => Data.GetProperty("trn_id").GetString()!;

    public string ValidRes => Data.GetProperty("logvars").GetProperty("valid_res").GetString()!;
}
