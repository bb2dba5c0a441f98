namespace CallTracker.Backends.Shipping;

/// <summary>
/// The manifest of a batch: what is inserted, under which token, and where the journals stand once it is in. Fixed on
/// disk before the first try, so that every later try, also after a crash, sends the same rows under the same token.
/// </summary>
internal sealed record BatchHeader
{
    public required long BatchId { get; init; }
    public required string Token { get; init; }
    /// <summary>The columns as they were when the rows were written; another build may know more.</summary>
    public required string Columns { get; init; }
    public required IReadOnlyList<WorkerPosition> Positions { get; init; }
    /// <summary>The highest number of each operator once this batch is in.</summary>
    public required IReadOnlyDictionary<string, ulong> Sequences { get; init; }
    public required IReadOnlyList<string> TrnIds { get; init; }
    /// <summary>Bytes of each row in the body, in the order of <see cref="TrnIds"/>.</summary>
    public required IReadOnlyList<int> RowLengths { get; init; }
    public required long DinMsMin { get; init; }
    public required long DinMsMax { get; init; }
    /// <summary>True when some rows may have been sent by an earlier run: they are looked for first.</summary>
    public required bool MayBePresent { get; init; }
    public required uint BodyCrc { get; init; }
}
