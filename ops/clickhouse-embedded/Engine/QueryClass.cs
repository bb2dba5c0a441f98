namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>What a statement does, in the engine's own numbers (chdb_query_class).</summary>
internal enum QueryClass : uint
{
    ReadOnly = 0,
    Mutating = 1,
    MutatingGlobal = 2,
    Control = 3,
    Unknown = 4,
}
