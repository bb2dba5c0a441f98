using System.Globalization;
using System.Net;
using CallTracker.ClickHouseEmbedded.Engine;

namespace CallTracker.ClickHouseEmbedded;

/// <summary>What the command line and the environment say. Read once, at start; never changes.</summary>
internal sealed record ServerOptions(IPAddress Bind, int Port, string DataPath, string? LibraryPath, string? Password)
{
    public const string PasswordVariable = "CALLTRACKER_CLICKHOUSE_PASSWORD";
    public const string Usage =
        "usage: CallTracker.ClickHouseEmbedded --data DIR [--port 8123] [--bind 127.0.0.1] [--library PATH]";

    private const int PortDefault = 8123;

    /// <summary>Null and one line of reason when an argument makes no sense.</summary>
    public static ServerOptions? TryParse(string[] arguments, Func<string, string?> environment, out string reason)
    {
        var options = new ServerOptions(
            IPAddress.Loopback, PortDefault, string.Empty,
            Filled(environment(EngineLibrary.Variable)), Filled(environment(PasswordVariable)));
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || Filled(arguments[i + 1]) is not { } value)
            {
                reason = $"{arguments[i]} needs a value; {Usage}";
                return null;
            }

            if (options.With(arguments[i], value) is not { } changed)
            {
                reason = $"{arguments[i]} {value} is not understood; {Usage}";
                return null;
            }

            options = changed;
        }

        reason = options.DataPath.Length == 0 ? $"--data is missing; {Usage}" : string.Empty;
        return options.DataPath.Length == 0 ? null : options;
    }

    private ServerOptions? With(string name, string value) => name switch
    {
        "--port" when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) =>
            this with { Port = port },
        "--bind" when IPAddress.TryParse(value, out var address) => this with { Bind = address },
        "--data" => this with { DataPath = Path.GetFullPath(value) },
        "--library" => this with { LibraryPath = value },
        _ => null,
    };

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
