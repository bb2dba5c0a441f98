namespace CallTracker.ControlPlane.Recordings;

/// <summary>A call as its recording is looked for, as read from call_records. Immutable.</summary>
/// <param name="ClientId">The advertiser.</param>
/// <param name="DinTms">Arrival, Unix milliseconds.</param>
/// <param name="Recording">What was to be recorded.</param>
internal sealed record RecordedCallRow(string ClientId, long DinTms, string Recording);
