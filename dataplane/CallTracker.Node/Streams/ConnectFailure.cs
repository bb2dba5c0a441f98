namespace CallTracker.Node.Streams;

/// <summary>Why a connection of ours did not come about; a metric's label.</summary>
internal enum ConnectFailure : byte
{
    /// <summary>The peer's machine said no.</summary>
    Refused,
    /// <summary>It took too long.</summary>
    TimedOut,
    /// <summary>The peer's certificate is not trusted or not for its name, or TLS found no common ground.</summary>
    Tls,
    /// <summary>Any other error of the network.</summary>
    Network,
}
