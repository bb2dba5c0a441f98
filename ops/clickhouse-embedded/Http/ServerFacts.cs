using CallTracker.ClickHouseEmbedded.Engine;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>What is the same for every request. Immutable.</summary>
internal sealed record ServerFacts(string DisplayName, string TimeZone, string Version, FormatTable Formats);
