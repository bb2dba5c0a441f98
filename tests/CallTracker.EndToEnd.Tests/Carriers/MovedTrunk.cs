using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Carriers;

/// <summary>Gives the trunk of a line's shop another transport and address. Stateless.</summary>
internal static class MovedTrunk
{
    /// <summary>Changes it and waits until the node has seen that.</summary>
    public static async Task ToAsync(Product product, Line line, string transport, string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-" + line.Destinations[0], new { transport, address });
        // A call that comes too early would take the old way and fail for the wrong reason: twice what is promised.
        await Product.ChangeSeenAsync();
        await Product.ChangeSeenAsync();
    }
}
