namespace CallTracker.ControlPlane.Calls;

/// <summary>The output formats of the call log.</summary>
internal enum CallFormat
{
    Json,
    Ndjson,
    Csv,
    Tsv,
}
