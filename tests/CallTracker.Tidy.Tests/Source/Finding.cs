namespace CallTracker.Tidy.Tests.Source;

/// <summary>One breach of the house style. Immutable; printed as <c>file:line: what — use X instead</c>.</summary>
/// <param name="File">Path from the repository root.</param>
/// <param name="Line">Line, counted from 1; 0 when the whole file is meant.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Instead">What to do about it, as words that follow "use" and precede "instead".</param>
internal sealed record Finding(string File, int Line, string What, string Instead)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {What} — use {Instead} instead";
}
