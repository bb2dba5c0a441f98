namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>The errors that a ClickHouse server raises in its HTTP layer, which here is ours.</summary>
internal static class EngineErrors
{
    public const int SyntaxErrorCode = 62;

    public static EngineError MultiStatement { get; } =
        new(SyntaxErrorCode, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");

    public static EngineError ReadOnly { get; } = new(
        164, "READONLY",
        "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
        + "You should use method POST for modifying queries.");

    public static EngineError TooMany { get; } = new(
        202, "TOO_MANY_SIMULTANEOUS_QUERIES",
        $"Too many simultaneous queries. Maximum: {ServerLimits.ReadsRunningMax} reads, "
        + $"{ServerLimits.WritesRunningMax} writes, {ServerLimits.WaitingMax} of each waiting");

    public static EngineError AuthenticationFailed { get; } = new(
        516, "AUTHENTICATION_FAILED",
        "Authentication failed: password is incorrect, or there is no user with such name");

    public static EngineError TextTooLarge { get; } = new(
        229, "QUERY_IS_TOO_LARGE",
        $"The statement is longer than {ServerLimits.QueryTextBytesMax} bytes "
        + $"(or its part before the rows longer than {ServerLimits.InsertHeadBytesMax})");

    public static EngineError Outfile { get; } = new(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");

    public static EngineError Infile { get; } = new(
        78, "UNKNOWN_TYPE_OF_QUERY", "Query has infile and was sent directly to the server");

    public static EngineError Cancelled { get; } = new(394, "QUERY_WAS_CANCELLED", "Query was cancelled");

    public static EngineError BrokenBody { get; } = new(
        271, "CANNOT_DECOMPRESS", "The request's body does not decompress as its Content-Encoding says");

    public static EngineError SpoolFull { get; } = new(
        307, "TOO_MANY_BYTES",
        $"The result is larger than {ServerLimits.ResponseSpoolBytesMax} bytes, the limit with wait_end_of_query=1");

    public static EngineError SessionLocked { get; } = new(
        373, "SESSION_IS_LOCKED", "Session is locked by a concurrent client");

    public static EngineError SessionNotFound { get; } = new(372, "SESSION_NOT_FOUND", "Session not found");

    public static EngineError SessionsFull { get; } = new(
        290, "LIMIT_EXCEEDED", $"There are {ServerLimits.SessionsMax} sessions already");

    public static EngineError Input { get; } =
        NotImplemented("INSERT ... SELECT ... FROM input(...) is not supported here");

    public static EngineError NativeFraming { get; } = NotImplemented(
        "compress=1 and decompress=1 (ClickHouse's own framing) are not supported here; "
        + "use Accept-Encoding and Content-Encoding");

    public static EngineError NotImplemented(string what) => new(48, "NOT_IMPLEMENTED", what);

    public static EngineError QueryId { get; } = new(
        36, "BAD_ARGUMENTS", $"query_id must be at most {ServerLimits.QueryIdCharsMax} printable characters");

    public static EngineError UnknownCompression(string name) => new(
        89, "UNKNOWN_COMPRESSION_METHOD", $"Unknown compression method '{name}'; gzip, deflate and br are known");
}
