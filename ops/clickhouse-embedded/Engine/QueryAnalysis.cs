using System.Runtime.InteropServices;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// What the engine's own parser says about a text without running it (chdb_query_analysis_v1). Four 32-bit fields in
/// this order; the first tells the engine how many bytes it may fill.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct QueryAnalysis
{
    public uint StructBytes;
    public uint StatementCount;
    public uint Flags;
    public QueryClass Class;
}
