namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>How a program ended. Immutable.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote, on both streams.</param>
internal sealed record CommandResult(int Code, string Output);
