using CallTracker.Contracts.Recordings;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// Every message the control plane logs, with its id. No secrets and no telephone numbers. Generated.
/// </summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "The ClickHouse schema is in place.")]
    public static partial void SchemaApplied(this ILogger log);

    [LoggerMessage(2, LogLevel.Warning, "Waiting for ClickHouse: {Reason}")]
    public static partial void SchemaWaits(this ILogger log, string reason);

    [LoggerMessage(3, LogLevel.Error, "Request {RequestId} failed.")]
    public static partial void RequestFailed(this ILogger log, string requestId, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Request {RequestId}: {Backend} is away: {Reason}")]
    public static partial void BackendAway(this ILogger log, string requestId, string backend, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Renaming of routes is not finished yet: {Reason}")]
    public static partial void RenamesWait(this ILogger log, string reason);

    [LoggerMessage(6, LogLevel.Information,
        "Callers' numbers of {Count} calls were shown in clear to key {KeyId} of operator {OperatorId}.")]
    public static partial void CallerNumbersShown(this ILogger log, int count, string keyId, string operatorId);

    [LoggerMessage(7, LogLevel.Warning, "The live call log waits: {Reason}")]
    public static partial void StreamWaits(this ILogger log, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Judgement waits: {Reason}")]
    public static partial void JudgementWaits(this ILogger log, string reason);

    [LoggerMessage(9, LogLevel.Error, "A round of judgement failed and is repeated.")]
    public static partial void JudgementFailed(this ILogger log, Exception exception);

    [LoggerMessage(10, LogLevel.Information,
        "The messages of call {TrnId} were shown as {Form} to key {KeyId} of operator {OperatorId}.")]
    public static partial void TraceShown(
        this ILogger log, string trnId, string form, string keyId, string operatorId);

    [LoggerMessage(11, LogLevel.Information, "Trace {TraceId} was ordered by key {KeyId} of operator {OperatorId}.")]
    public static partial void TraceOrdered(this ILogger log, string traceId, string keyId, string operatorId);

    [LoggerMessage(12, LogLevel.Information, "Trace {TraceId} was ended by key {KeyId} of operator {OperatorId}.")]
    public static partial void TraceEnded(this ILogger log, string traceId, string keyId, string operatorId);

    [LoggerMessage(13, LogLevel.Information,
        "The recording of call {TrnId} was given to key {KeyId} of operator {OperatorId}.")]
    public static partial void RecordingShown(this ILogger log, string trnId, string keyId, string operatorId);

    [LoggerMessage(14, LogLevel.Information,
        "The recording of call {TrnId} was deleted by key {KeyId} of operator {OperatorId}.")]
    public static partial void RecordingDeleted(this ILogger log, string trnId, string keyId, string operatorId);

    [LoggerMessage(15, LogLevel.Information,
        "{Action} of the recording of running call {TrnId} was ordered by key {KeyId} of operator {OperatorId}.")]
    public static partial void RecordingOrdered(
        this ILogger log, RecordingAction action, string trnId, string keyId, string operatorId);

    [LoggerMessage(16, LogLevel.Information, "{Count} recordings were deleted because their days were over.")]
    public static partial void RecordingsExpired(this ILogger log, int count);

    [LoggerMessage(17, LogLevel.Warning, "Deleting recordings whose days are over waits: {Reason}")]
    public static partial void RetentionWaits(this ILogger log, string reason);
}
