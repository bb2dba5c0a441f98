namespace CallTracker.Node.Registration;

/// <summary>A binding as <see cref="BindingKeeper"/> writes it to its file.</summary>
internal sealed record BindingRecord
{
    public required string TrunkId { get; init; }
    public required string Contact { get; init; }
    public required string CallId { get; init; }
    /// <summary>Address its REGISTER came from.</summary>
    public required string Address { get; init; }
    public required int Port { get; init; }
    public required uint CSeq { get; init; }
    public required long ExpiresUnixMs { get; init; }
}
