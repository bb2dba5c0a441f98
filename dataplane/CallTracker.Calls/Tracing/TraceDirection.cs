namespace CallTracker.Calls.Tracing;

/// <summary>Which way a traced message went, seen from this node. The values are those of the table.</summary>
public enum TraceDirection : byte
{
    Received = 0,
    Sent = 1,
}
