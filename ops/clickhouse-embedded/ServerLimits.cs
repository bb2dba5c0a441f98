namespace CallTracker.ClickHouseEmbedded;

/// <summary>Every bound of this server in one place; README names them.</summary>
internal static class ServerLimits
{
    public const int ConnectionsMax = 256;
    public const int RequestLineBytesMax = 256 * 1024;

    /// <summary>A statement without rows (a SELECT with a long IN list) may be this long.</summary>
    public const int QueryTextBytesMax = 4 * 1024 * 1024;

    /// <summary>The text before the rows of an INSERT, and the rows held before the engine starts.</summary>
    public const int InsertHeadBytesMax = 1024 * 1024;

    /// <summary>One piece of rows; the engine queues 16 of them per INSERT.</summary>
    public const int InsertPieceBytes = 256 * 1024;

    /// <summary>A result up to this size is held back, so that an error can still become a status code.</summary>
    public const int ResponseHoldBytes = 1024 * 1024;

    /// <summary>wait_end_of_query=1 keeps the whole result, on disk beyond <see cref="ResponseHoldBytes"/>.</summary>
    public const long ResponseSpoolBytesMax = 1024L * 1024 * 1024;

    /// <summary>Reads and writes have separate slots, so that long SELECTs cannot keep INSERTs waiting.</summary>
    public const int ReadsRunningMax = 24;
    public const int WritesRunningMax = 8;
    public const int WaitingMax = 64;
    public const int WaitMsMax = 30_000;

    public const int SessionsMax = 64;
    public const int SessionTimeoutSecDefault = 60;
    public const int SessionTimeoutSecMax = 3600;

    public const int QueryIdCharsMax = 256;

    /// <summary>After SIGTERM running queries may finish for so long, then they are cancelled.</summary>
    public const int FinishMs = 3000;
    public const int CancelMs = 3000;
}
