using System.Diagnostics;

namespace CallTracker.Backends.Tests.Support;

/// <summary>Waits for a condition and says which one did not come.</summary>
internal static class Eventually
{
    public static Task IsTrue(Func<bool> condition, string what, int withinMs = 15_000) =>
        IsTrue(() => Task.FromResult(condition()), what, withinMs);

    public static async Task IsTrue(Func<Task<bool>> condition, string what, int withinMs = 15_000)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.ElapsedMilliseconds > withinMs) throw new TimeoutException($"not within {withinMs} ms: {what}");
            await Task.Delay(5);
        }
    }
}
