using System.Globalization;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Carriers;

/// <summary>
/// Gives the trunk of a line's shop another transport and address, and knows when the node has seen it. Stateless.
/// </summary>
internal static class MovedTrunk
{
    private const string TrunkCount = "calltracker_trunks";
    private const int SeenMsMax = 10_000;
    private static int MarkCount;

    /// <summary>Changes it and waits until the node has seen that.</summary>
    public static async Task ToAsync(Product product, Line line, string transport, string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-" + line.Destinations[0], new { transport, address });
        await SeenAsync(product);
    }

    /// <summary>
    /// Waits until the node has seen all that was changed before. It reads its trunks as a whole: when one more is
    /// there, so is every change before it. A call that comes earlier would take the old way and fail for no reason of
    /// its own, which a busy machine makes likely.
    /// </summary>
    public static async Task SeenAsync(Product product)
    {
        var before = await product.NodeMetricAsync(TrunkCount);
        var number = Interlocked.Increment(ref MarkCount);
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = string.Create(CultureInfo.InvariantCulture, $"e2e-mark-{number}"),
            name = "mark",
            address = "127.0.0.1:9",
            prefixes = new[] { string.Create(CultureInfo.InvariantCulture, $"0999{number:D6}") },
            inbound_from = Array.Empty<string>(),
        });
        await Wait.UntilAsync(
            "the node sees the trunks", SeenMsMax, async () => await product.NodeMetricAsync(TrunkCount) > before);
    }
}
