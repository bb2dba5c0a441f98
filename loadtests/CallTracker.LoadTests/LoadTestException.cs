namespace CallTracker.LoadTests;

/// <summary>Something a load test needs is not there; the message is all that its user needs to read.</summary>
internal sealed class LoadTestException(string message) : Exception(message);
