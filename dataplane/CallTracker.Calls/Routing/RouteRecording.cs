using CallTracker.Media.Recording;

namespace CallTracker.Calls.Routing;

/// <summary>That calls of a route are recorded. Immutable.</summary>
/// <param name="Sides">Whose voice.</param>
/// <param name="Owner">Whose recordings they are, in the writer's words; passed on as it is.</param>
public sealed record RouteRecording(RecordedSides Sides, byte[] Owner)
{
    /// <summary>The longest owner, in bytes.</summary>
    public const int OwnerLengthMax = 160;
}
