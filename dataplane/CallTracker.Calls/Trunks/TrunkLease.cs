using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Trunks;

/// <summary>A channel that one leg of a call holds on a trunk; given back once. Part of its call.</summary>
internal struct TrunkLease
{
    private TrunkLoad? _load;

    /// <summary>Takes over a channel that was entered already.</summary>
    public void Hold(Trunk trunk)
    {
        Release();
        _load = trunk.Load;
    }

    /// <summary>
    /// The called number told which operator's trunk the call belongs to: the channel moves there, without a second
    /// look at the limits, because the call was admitted already.
    /// </summary>
    public void MoveTo(Trunk trunk)
    {
        if (_load is null || _load == trunk.Load) return;
        trunk.Load.Join();
        Hold(trunk);
    }

    public void Release()
    {
        _load?.Leave();
        _load = null;
    }
}
