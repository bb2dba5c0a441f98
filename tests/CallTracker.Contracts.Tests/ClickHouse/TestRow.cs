namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>A row as tests read it.</summary>
internal sealed record TestRow(string A, ulong B);
