namespace CallTracker.Core.Tests.Support;

/// <summary>A comparison that allocates only when it fails, for use inside measured code.</summary>
internal static class Ensure
{
    public static void ShouldBeEqual(this int actual, int expected)
    {
        if (actual != expected) throw new InvalidOperationException($"{actual} instead of {expected}.");
    }
}
