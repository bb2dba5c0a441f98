namespace CallTracker.ControlPlane.Http;

/// <summary>One page of a list. <c>next_cursor</c> is absent on the last page.</summary>
/// <param name="Items">The resources, in order of id.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> to get the next page.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextCursor);
