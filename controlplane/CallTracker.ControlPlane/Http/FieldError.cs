namespace CallTracker.ControlPlane.Http;

/// <summary>One thing wrong with a request. Immutable.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the body, or the name of a query parameter.</param>
/// <param name="Detail">What is wrong, for a person.</param>
/// <param name="IsShape">True when the document itself is wrong (400) and not a value in it (422).</param>
internal sealed record FieldError(string Pointer, string Detail, bool IsShape = false);
