using System.Diagnostics;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>Waits for conditions, never for a time alone. Stateless.</summary>
internal static class Wait
{
    private const int PollMs = 50;

    /// <summary>
    /// Polls until <paramref name="read"/> gives a value; what was waited for is named when it never does.
    /// </summary>
    public static async Task<T> ForAsync<T>(string what, int limitMs, Func<Task<T?>> read)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await read() is { } value) return value;
            if (watch.ElapsedMilliseconds > limitMs) throw new TimeoutException($"{what}: not within {limitMs} ms.");
            await Task.Delay(PollMs);
        }
    }

    /// <summary>Polls until the condition holds.</summary>
    public static Task UntilAsync(string what, int limitMs, Func<Task<bool>> holds)
        => ForAsync(what, limitMs, async () => await holds() ? "" : null);
}
