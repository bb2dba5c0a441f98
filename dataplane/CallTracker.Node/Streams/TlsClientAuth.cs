namespace CallTracker.Node.Streams;

/// <summary>What is asked of peers that connect over TLS (CALLTRACKER_TLS_CLIENT_AUTH).</summary>
internal enum TlsClientAuth : byte
{
    /// <summary>No certificate is asked for.</summary>
    Off,
    /// <summary>One is asked for; when it comes it must be good.</summary>
    Request,
    /// <summary>A good one must come.</summary>
    Require,
}
