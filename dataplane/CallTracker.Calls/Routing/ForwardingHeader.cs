namespace CallTracker.Calls.Routing;

/// <summary>How a trunk is told that a call was forwarded.</summary>
[Flags]
public enum ForwardingHeader : byte
{
    /// <summary>It is not told.</summary>
    None = 0,
    /// <summary>Diversion (RFC 5806).</summary>
    Diversion = 1,
    /// <summary>History-Info (RFC 7044).</summary>
    HistoryInfo = 2,
    /// <summary>Diversion and History-Info.</summary>
    Both = 3,
}
