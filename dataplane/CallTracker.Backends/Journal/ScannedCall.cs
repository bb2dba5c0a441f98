namespace CallTracker.Backends.Journal;

/// <summary>A call that recovery found begun and not ended: its last entry and the run that wrote it.</summary>
/// <param name="Payload">The payload of its newest entry.</param>
/// <param name="Run">The process run whose heartbeat bounds its end.</param>
/// <param name="LastKnownMs">The latest time that its own entries name.</param>
internal sealed record ScannedCall(byte[] Payload, long Run, long LastKnownMs);
