using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Media;

/// <summary>The pairs of addresses a packet generator needs: for each leg its own and the relay's. Stateless.</summary>
internal static class PairsFile
{
    /// <summary>Two lines a call, caller then shop, of the calls whose both ends are known.</summary>
    public static List<string> Lines(CallDriver driver, CallPlan plan)
    {
        var shops = driver.ShopParty.Calls.ToDictionary(call => call.Call, call => call.RelayMedia);
        var lines = new List<string>();
        for (var i = 0; i < plan.Count; i++)
        {
            var caller = driver.CallerParty.Calls[i];
            if (caller.State != CallerState.Up || caller.RelayMedia.Length == 0) continue;
            if (!shops.TryGetValue(i, out var shop) || shop.Length == 0) continue;
            lines.Add($"{PartySdp.FarEnd(2 * i, plan.MediaPort)} {caller.RelayMedia}");
            lines.Add($"{PartySdp.FarEnd((2 * i) + 1, plan.MediaPort)} {shop}");
        }
        return lines;
    }
}
