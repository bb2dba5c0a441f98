namespace CallTracker.Contracts.Recordings;

/// <summary>The store of recordings does not answer, refuses, or does not have what it was given.</summary>
public sealed class RecordingBucketException(string message, Exception? inner = null) : IOException(message, inner);
