namespace CallTracker.TestKit.Servers;

/// <summary>How a started program ended: its exit code and what it wrote.</summary>
public sealed record ServerProcessExit(int Code, string Output);
