namespace CallTracker.ControlPlane.Recordings;

/// <summary>A recording whose days are over, as read from recordings. Immutable.</summary>
/// <param name="OperatorId">Whose.</param>
/// <param name="ClientId">The advertiser.</param>
/// <param name="TrnId">Of its call.</param>
/// <param name="DinMs">When that arrived, Unix milliseconds.</param>
internal sealed record ExpiredRecordingRow(string OperatorId, string ClientId, string TrnId, long DinMs);
