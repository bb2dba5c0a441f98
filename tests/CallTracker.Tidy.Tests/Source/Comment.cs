namespace CallTracker.Tidy.Tests.Source;

/// <summary>One comment of a C# file. Immutable.</summary>
/// <param name="Offset">Where its first slash stands.</param>
/// <param name="Text">All of it, with its slashes.</param>
internal readonly record struct Comment(int Offset, string Text);
