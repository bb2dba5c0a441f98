using System.Globalization;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Protection;

/// <summary>The product's Redis, past the API, as somebody who broke in would have it. Stateless.</summary>
internal sealed class RedisText(Product product)
{
    public async Task<string> GetAsync(string key) => (await RunAsync(["--raw", "GET", key])).TrimEnd('\n');

    public async Task SetAsync(string key, string value) => (await RunAsync(["SET", key, value])).ShouldContain("OK");

    private async Task<string> RunAsync(string[] command)
    {
        var port = product.Environment["CALLTRACKER_REDIS_PORT"].ToString(CultureInfo.InvariantCulture);
        var result = await Command.RunAsync("redis-cli", ["-p", port, .. command], product.Environment, limitSec: 10);
        result.Code.ShouldBe(0, result.Output);
        return result.Output;
    }
}
