namespace CallTracker.LoadTests.FastPath;

/// <summary>Fits the programs of the bench folder, which are written for loopback, to the lab. Stateless.</summary>
internal static class Patch
{
    /// <summary>The program's text with one place changed, which must be there.</summary>
    public static string Replaced(string name, string text, string old, string by) =>
        text.Contains(old, StringComparison.Ordinal)
            ? text.Replace(old, by, StringComparison.Ordinal)
            : throw new LoadTestException($"{name} has changed: no {old}");
}
