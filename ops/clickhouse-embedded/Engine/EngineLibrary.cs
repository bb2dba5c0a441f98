using System.Reflection;
using System.Runtime.InteropServices;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Finds and loads libchdb.so: --library, else CALLTRACKER_CHDB_LIBRARY, else node_modules in the folder of the program
/// or in one above it (ops/clickhouse-embedded holds both the sources and node_modules). Called once, at start.
/// </summary>
internal static class EngineLibrary
{
    public const string Variable = "CALLTRACKER_CHDB_LIBRARY";
    private const string InModules = "node_modules/@chdb/lib-linux-x64-gnu/libchdb.so";

    /// <summary>Null and a reason when there is no such library.</summary>
    public static string? TryLoad(string? wanted, out string reason)
    {
        var path = wanted ?? FindInModules(AppContext.BaseDirectory);
        if (path is null)
        {
            reason = $"libchdb.so was not found; run ops/clickhouse-embedded/install, or set {Variable}";
            return null;
        }

        if (!File.Exists(path))
        {
            reason = $"there is no library at {path}";
            return null;
        }

        if (!NativeLibrary.TryLoad(Path.GetFullPath(path), out var handle))
        {
            reason = $"{path} could not be loaded; it must be libchdb.so for this machine";
            return null;
        }

        NativeLibrary.SetDllImportResolver(
            Assembly.GetExecutingAssembly(),
            (name, _, _) => string.Equals(name, ChdbApi.Library, StringComparison.Ordinal) ? handle : 0);
        reason = string.Empty;
        return path;
    }

    private static string? FindInModules(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, InModules);
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
