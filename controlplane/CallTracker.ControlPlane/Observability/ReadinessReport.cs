namespace CallTracker.ControlPlane.Observability;

/// <summary>The answer of /readyz: whether requests can be served, and which part is missing.</summary>
/// <param name="Ready">True when all parts are.</param>
/// <param name="Redis">Redis answers.</param>
/// <param name="Clickhouse">ClickHouse answers.</param>
/// <param name="Schema">The schema of this build is in place.</param>
public sealed record ReadinessReport(bool Ready, bool Redis, bool Clickhouse, bool Schema);
