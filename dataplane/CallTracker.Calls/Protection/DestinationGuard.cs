using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;

namespace CallTracker.Calls.Protection;

/// <summary>
/// The toll-fraud guard at the last moment: whatever put the destination there, the number's rules decide. Stateless.
/// </summary>
internal static class DestinationGuard
{
    /// <summary>True when the call may not go there; the attempt is on the record then, without a trunk.</summary>
    public static bool Refuses(Call call, PhoneNumber destination)
    {
        if (call.Facts.Route!.Destinations.Allows(destination)) return false;
        call.Facts.TryAddAttempt(destination, null);
        return true;
    }
}
