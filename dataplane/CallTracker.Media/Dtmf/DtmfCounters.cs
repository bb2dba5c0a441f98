namespace CallTracker.Media.Dtmf;

/// <summary>
/// How many digits a worker heard and told since start; never which. The worker alone writes, other threads may read.
/// </summary>
public sealed class DtmfCounters
{
    private const int WayCount = (int)DtmfWay.InBand + 1;
    private readonly long[] _heard = new long[WayCount];
    private readonly long[] _told = new long[WayCount];
    private long _lost;

    /// <summary>Digits of sides that are listened to, by the way they came.</summary>
    public long Heard(DtmfWay way) => Volatile.Read(ref _heard[(int)way]);

    /// <summary>Digits told to the other side in another form, by that.</summary>
    public long Told(DtmfWay way) => Volatile.Read(ref _told[(int)way]);

    /// <summary>Digits that could not be told: too many waited, or the side takes them in no form.</summary>
    public long Lost => Volatile.Read(ref _lost);

    internal void AddHeard(DtmfWay way) => _heard[(int)way]++;

    internal void AddTold(DtmfWay way) => _told[(int)way]++;

    /// <summary>Also for Calls, whose queue of INFO is bounded.</summary>
    public void AddLost() => _lost++;
}
