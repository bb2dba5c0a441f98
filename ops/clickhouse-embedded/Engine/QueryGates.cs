using CallTracker.ClickHouseEmbedded.Sql;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The two gates: INSERTs have slots of their own, which no number of long SELECTs can take. Thread-safe.
/// </summary>
internal sealed class QueryGates : IDisposable
{
    private readonly QueryGate _reads = Make(ServerLimits.ReadsRunningMax);
    private readonly QueryGate _writes = Make(ServerLimits.WritesRunningMax);

    public int Running => _reads.Running + _writes.Running;

    public QueryGate For(StatementKind kind) =>
        kind is StatementKind.InsertRows or StatementKind.InsertSelect ? _writes : _reads;

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private static QueryGate Make(int runningMax) =>
        new(runningMax, ServerLimits.WaitingMax, ServerLimits.WaitMsMax);
}
