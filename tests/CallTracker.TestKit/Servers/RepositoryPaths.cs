namespace CallTracker.TestKit.Servers;

/// <summary>
/// Where things are in the repository, for tests that start programs. Looks upwards from the test's own output folder
/// for CallTracker.sln. Thread-safe.
/// </summary>
public static class RepositoryPaths
{
    private const string Solution = "CallTracker.sln";

    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The built program of a project, given as its folder under the root ("ops/clickhouse-embedded"): of the same
    /// configuration and framework as the running test.
    /// </summary>
    public static string Program(string projectFolder, string programName)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var output = Path.Combine(Root, projectFolder, "bin", own.Parent!.Name, own.Name);
        var path = Path.Combine(output, programName);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not built: build the solution in this configuration first");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Solution)))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"no {Solution} above {AppContext.BaseDirectory}");
    }
}
