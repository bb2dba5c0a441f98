namespace CallTracker.Node.Streams;

/// <summary>The log lines about TCP and TLS, with their event ids (1100 and up).</summary>
internal static partial class StreamLogMessages
{
    [LoggerMessage(1100, LogLevel.Information, "TLS: the new certificate is in use; it ends at {NotAfter}.")]
    public static partial void TlsReloaded(ILogger logger, DateTimeOffset notAfter);

    [LoggerMessage(1101, LogLevel.Warning, "TLS: the changed files are not used, the old ones stay: {Reason}.")]
    public static partial void TlsRefused(ILogger logger, string reason);

    [LoggerMessage(1102, LogLevel.Warning,
        "TLS: certificates of trunks are NOT verified (CALLTRACKER_TLS_VERIFY=off); for tests only.")]
    public static partial void TlsNotVerified(ILogger logger);
}
