using System.Runtime.InteropServices;
using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The engine of this process: one data folder, many connections. Holds one connection of its own for as long as it
/// lives, because closing the last one stops the engine. Thread-safe.
/// </summary>
internal sealed unsafe class EngineHost : IDisposable
{
    private readonly string[] _arguments;
    private EngineConnection? _anchor;
    private int _open;

    private EngineHost(string[] arguments) => _arguments = arguments;

    /// <summary>The engine's release, as version() returns it.</summary>
    public string Version { get; private set; } = string.Empty;

    public string TimeZone { get; private set; } = string.Empty;

    /// <summary>Connections in use, our own not counted.</summary>
    public int OpenConnections => Volatile.Read(ref _open) - 1;

    /// <summary>Null and one line of reason when the folder cannot be opened.</summary>
    public static EngineHost? TryOpen(string dataPath, out string reason)
    {
        var configPath = Path.Combine(dataPath, EngineConfig.FileName);
        File.WriteAllText(configPath, EngineConfig.Text);
        // SIGSEGV and its like belong to the .NET runtime; this release leaves them alone when asked to.
        ChdbApi.SetSignalHandlersEnabled(0);
        var host = new EngineHost(["clickhouse", $"--path={dataPath}", $"--config-file={configPath}"]);
        using (var stderr = new StandardErrorCapture())
        {
            host._anchor = host.TryConnect();
            reason = host._anchor is null ? OneLine(stderr.Text) : string.Empty;
        }

        if (host._anchor is null)
            return null;
        host.Version = host.Ask("SELECT version()");
        host.TimeZone = host.Ask("SELECT timezone()");
        return host;
    }

    public EngineConnection Connect() =>
        TryConnect() ?? throw new InvalidOperationException("the engine refused a connection");

    /// <summary>The value of a query of ours that returns one line.</summary>
    public string Ask(string sql)
    {
        using var connection = Connect();
        var result = connection.Query(sql);
        return result.Error is null
            ? Encoding.UTF8.GetString(result.Body).TrimEnd('\n')
            : throw new InvalidOperationException(result.Error.ToString());
    }

    public void OnClosed() => Interlocked.Decrement(ref _open);

    /// <summary>Flushes and stops the engine. Only when no connection is in use.</summary>
    public void Dispose()
    {
        _anchor?.Dispose();
        _anchor = null;
        _ = ChdbApi.Shutdown();
    }

    private EngineConnection? TryConnect()
    {
        var texts = new nint[_arguments.Length];
        try
        {
            for (var i = 0; i < texts.Length; i++)
                texts[i] = Marshal.StringToCoTaskMemUTF8(_arguments[i]);
            fixed (nint* list = texts)
            {
                var handle = ChdbApi.Connect(texts.Length, (byte**)list);
                if (handle is null)
                    return null;
                Interlocked.Increment(ref _open);
                return new EngineConnection(this, handle);
            }
        }
        finally
        {
            foreach (var text in texts)
                Marshal.FreeCoTaskMem(text);
        }
    }

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "the engine gave no reason" : line;
    }
}
