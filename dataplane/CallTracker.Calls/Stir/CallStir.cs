using CallTracker.Calls.Engine;
using CallTracker.Core.Memory;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Stir;

/// <summary>What STIR keeps of a call while it waits. Part of the call, owned by its worker.</summary>
internal struct CallStir
{
    /// <summary>The question that is out; an answer to another one comes too late.</summary>
    public StirJob? Pending;

    /// <summary>True when <see cref="Pending"/> is a signature; the job itself is not ours to read.</summary>
    public bool IsSigning;

    /// <summary>True when the route is known and only the verification is waited for.</summary>
    public bool IsRouteKnown;

    /// <summary>Bounds the wait; not running while nothing is asked.</summary>
    public TimerHandle Timer;

    /// <summary>The Identity value we add to the present attempt's INVITE; empty for none.</summary>
    public StoredBody Identity;

    public void Reset(BufferPool buffers)
    {
        Identity.Release(buffers);
        (Pending, IsSigning, IsRouteKnown, Timer) = (null, false, false, default);
    }
}
