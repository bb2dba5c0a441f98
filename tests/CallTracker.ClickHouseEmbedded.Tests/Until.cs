namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>Waits for a condition that another process brings about, and fails when it does not.</summary>
internal static class Until
{
    private const int PollMs = 20;

    public static async Task TrueAsync(Func<Task<bool>> condition, int waitMsMax = 10_000)
    {
        using var limit = new CancellationTokenSource(waitMsMax);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"not so after {waitMsMax} ms");
            await Task.Delay(PollMs);
        }
    }
}
