namespace CallTracker.ControlPlane.Http;

/// <summary>A refusal as RFC 9457 writes it; <c>code</c> is stable and meant for programs.</summary>
public sealed record ProblemDocument
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }
    public required string Code { get; init; }
    public IReadOnlyList<ProblemError>? Errors { get; init; }
    public string? RequestId { get; init; }
}
