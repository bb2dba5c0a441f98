namespace CallTracker.Contracts.Recordings;

/// <summary>
/// A node's answer to a <see cref="RecordingOrderRecord"/>, published to
/// <see cref="Redis.RedisKeys.RecordingAnswers"/>.
/// </summary>
public sealed record RecordingAnswerRecord
{
    public required string OrderId { get; init; }
    public required RecordingOrderResult Result { get; init; }
    /// <summary>How it stands now.</summary>
    public bool IsPaused { get; init; }
    public bool HasConsent { get; init; }
}
