using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Stir;

/// <summary>What a trunk's <see cref="Trunk.Stir"/> asks for. Stateless.</summary>
internal static class StirPolicy
{
    public static bool Verifies(Trunk trunk) => trunk.Stir is StirMode.Verify or StirMode.Both;

    public static bool Signs(Trunk trunk) => trunk.Stir is StirMode.Sign or StirMode.Both;
}
