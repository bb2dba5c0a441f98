namespace CallTracker.ControlPlane.Http;

/// <summary>What validation made of a body: the value, or the refusal. Lives for one request.</summary>
internal readonly record struct Validated<T>(T? Value, ProblemResult? Problem)
    where T : class
{
    /// <summary>The value when nothing is wrong; 400 when the document is misshapen, else 422.</summary>
    public static Validated<T> From(T value, IReadOnlyList<FieldError> errors)
    {
        if (errors.Count == 0) return new(value, null);
        var isShape = errors.Any(e => e.IsShape);
        var problem = isShape
            ? Problems.BadRequest("malformed", "The document does not have the documented shape.", [.. errors])
            : Problems.Invalid(errors);
        return new(null, problem);
    }
}
