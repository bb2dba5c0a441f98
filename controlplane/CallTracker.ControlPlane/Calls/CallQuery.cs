namespace CallTracker.ControlPlane.Calls;

/// <summary>A whole question to the call log. Immutable, lives for one request.</summary>
internal sealed record CallQuery
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1000;
    /// <summary>Rows of one streamed answer (ndjson, csv, tsv); also what is sent when no limit is given.</summary>
    public const int StreamedLimitMax = 100_000;

    public required CallFilter Filter { get; init; }
    public required CallColumn Sort { get; init; }
    public bool IsDescending { get; init; }
    public int Limit { get; init; } = LimitDefault;
    public CallCursor? After { get; init; }
    public CallFormat Format { get; init; }
    public required CallOutputOptions Output { get; init; }

    /// <summary>What a cursor is good for: the order it was made in.</summary>
    public string SortText => (IsDescending ? "-" : "") + Sort.Key;
}
