namespace CallTracker.Backends.Dns;

/// <summary>How a question ended.</summary>
internal enum DnsStatus
{
    /// <summary>The answer is authentic as far as DNS goes; it may hold no record.</summary>
    Answered,
    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoSuchName,
    /// <summary>The answer did not fit a datagram.</summary>
    Truncated,
    /// <summary>No server gave an answer that can be used.</summary>
    Failed,
}
