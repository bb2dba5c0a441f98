namespace CallTracker.Fuzz.Tests;

/// <summary>A target and its oracle disagree.</summary>
public sealed class FuzzException(string message) : Exception(message);
