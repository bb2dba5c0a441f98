using System.Collections.Concurrent;

namespace CallTracker.Backends.Tests.Support;

/// <summary>Keeps what was reported.</summary>
internal sealed class LogSink : IBackendLog
{
    public ConcurrentQueue<(BackendEvent What, string Detail)> Entries { get; } = new();

    public void Report(BackendEvent what, string detail) => Entries.Enqueue((what, detail));

    public bool Has(BackendEvent what) => Entries.Any(e => e.What == what);

    public override string ToString() => string.Join('\n', Entries);
}
