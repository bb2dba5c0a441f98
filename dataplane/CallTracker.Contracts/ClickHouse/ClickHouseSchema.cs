using System.Text;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// Brings the database up to the schema of this build: runs the embedded Schema/*.sql in the order of their names.
/// Every statement is safe to run again; both planes apply it at start.
/// </summary>
public static class ClickHouseSchema
{
    /// <summary>Runs all statements; the first failure ends it.</summary>
    public static async Task ApplyAsync(ClickHouseClient client, CancellationToken ct = default)
    {
        foreach (var (file, sql) in Files())
        {
            // The database named in the request must exist, so what creates it is sent without one.
            var withDatabase = !file.StartsWith("000_", StringComparison.Ordinal);
            foreach (var statement in Statements(sql))
                await client.ExecuteAsync(statement, parameters: null, withDatabase, ct);
        }
    }

    /// <summary>The schema files in order.</summary>
    public static IEnumerable<(string File, string Sql)> Files()
    {
        var assembly = typeof(ClickHouseSchema).Assembly;
        var names = assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    /// <summary>
    /// The statements of a file: each ends with a line that ends in a semicolon. Comment lines are left out.
    /// </summary>
    public static IEnumerable<string> Statements(string sql)
    {
        var statement = new StringBuilder();
        foreach (var raw in sql.Split('\n'))
        {
            var line = raw.TrimEnd();
            if (line.TrimStart().StartsWith("--", StringComparison.Ordinal)) continue;
            var isLast = line.EndsWith(';');
            statement.Append(isLast ? line[..^1] : line).Append('\n');
            if (!isLast) continue;
            yield return statement.ToString().Trim();
            statement.Clear();
        }
        if (statement.ToString().Trim() is { Length: > 0 } rest) yield return rest;
    }
}
