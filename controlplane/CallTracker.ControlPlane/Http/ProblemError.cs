namespace CallTracker.ControlPlane.Http;

/// <summary>One entry of <c>errors</c> in a problem document.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the body, or the name of a query parameter.</param>
/// <param name="Detail">What is wrong, for a person.</param>
public sealed record ProblemError(string Pointer, string Detail);
