using System.Net;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// What of the trace can be set; the defaults are those of a node. Immutable, read by the trace's tasks.
/// </summary>
public sealed record TraceSettings
{
    public required string NodeId { get; init; }
    /// <summary>Calls kept by chance, in a million.</summary>
    public int SamplePpm { get; init; }
    /// <summary>Days that kept messages stay in ClickHouse.</summary>
    public int RetentionDays { get; init; } = 14;
    /// <summary>Failed and sampled calls kept per second; a breakdown must not cost what calls need.</summary>
    public int CallsPerSecMax { get; init; } = 200;
    /// <summary>Messages kept of one call; a call with more is cut at its end.</summary>
    public int MessagesPerCallMax { get; init; } = 500;
    /// <summary>How long after its end a call's last messages are waited for, in milliseconds.</summary>
    public int SettleMs { get; init; } = 1000;
    /// <summary>
    /// How long after its end a kept call is looked at once more for what came late: 64*T1 and a little (RFC 3261
    /// section 17).
    /// </summary>
    public int LingerMs { get; init; } = 33_000;
    /// <summary>How often what is new of a call that is up and asked for is kept, in milliseconds.</summary>
    public int RunningMs { get; init; } = 2000;
    /// <summary>Calls kept while they are up; of more, the messages are kept when they end.</summary>
    public int RunningMax { get; init; } = 1000;
    /// <summary>How often the rings are read.</summary>
    public int PollMs { get; init; } = 250;
    /// <summary>
    /// How often while nothing is said: a burst out of silence must not overwrite what was not read yet.
    /// </summary>
    public int QuietPollMs { get; init; } = 500;
    /// <summary>Call-IDs remembered per worker; beyond, the oldest is forgotten.</summary>
    public int ConversationsMax { get; init; } = 200_000;
    /// <summary>How long a row may wait for others before it is sent.</summary>
    public int FlushMs { get; init; } = 1000;
    public int BatchBytesMax { get; init; } = 1 << 20;
    /// <summary>Bytes that may wait for ClickHouse; more is dropped and counted.</summary>
    public int QueueBytesMax { get; init; } = 32 << 20;
    public int RetryMs { get; init; } = 1000;
    /// <summary>Where every message is mirrored to by HEP3; null mirrors none.</summary>
    public IPEndPoint? Hep { get; init; }
    public uint HepId { get; init; } = 2001;
    /// <summary>The authentication key of the HEP receiver; empty sends none.</summary>
    public string HepPassword { get; init; } = "";
}
