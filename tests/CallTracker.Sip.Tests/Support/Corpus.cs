namespace CallTracker.Sip.Tests.Support;

/// <summary>Finds the test files beside the test assembly.</summary>
internal static class Corpus
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Corpus", name);
}
