using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Sessions;

/// <summary>What a trunk's settings want of session timers (RFC 4028). Plain value.</summary>
/// <param name="ExpiresSec">The interval asked for; 0: no session timers.</param>
/// <param name="MinSec">The shortest interval accepted.</param>
internal readonly record struct SessionPolicy(int ExpiresSec, int MinSec)
{
    public static SessionPolicy Of(CallEngine engine, Trunk? trunk)
    {
        if (trunk is null) return default;
        var secMax = engine.Settings.SessionSecMax;
        return new SessionPolicy(Math.Min(trunk.SessionExpiresSec, secMax), Math.Min(trunk.SessionMinSec, secMax));
    }
}
