using CallTracker.Calls.Engine;

namespace CallTracker.Calls.Stir;

/// <summary>
/// A worker's side of the STIR service: the jobs it may have out at a time, made on first need. When all are out, a
/// call goes on unverified or unsigned and is counted. Worker thread only.
/// </summary>
internal sealed class StirDesk(IStirService? service, byte worker)
{
    /// <summary>
    /// Jobs out at a time: at 1,000 calls a second, a quarter of a second's worth; 2 MiB when all exist.
    /// </summary>
    public const int JobsMax = 256;
    private readonly StirJob?[] _jobs = new StirJob?[JobsMax];
    private readonly Stack<StirJob> _free = new(JobsMax);
    private int _made;

    public StirCounters Counters { get; } = new();

    public bool CanSign => service is { CanSign: true };

    /// <summary>Lends a job; null when all are out or there is no service.</summary>
    public StirJob? TryRent(StirJobKind kind, CallRef call, long unixMs)
    {
        if (service is null) return null;
        if (!_free.TryPop(out var job)) job = TryMake() ?? TryReclaim();
        job?.Begin(kind, worker, unixMs, call);
        return job;
    }

    /// <summary>Hands a job to the service; false when it takes none, and then the job is back on the desk.</summary>
    public bool TryPost(StirJob job)
    {
        if (service!.TryPost(job)) return true;
        Return(job);
        return false;
    }

    public void Return(StirJob job) => _free.Push(job);

    private StirJob? TryMake() => _made == JobsMax ? null : _jobs[_made++] = new StirJob();

    // A full mailbox loses jobs; without this the desk would run dry for ever after a flood.
    private StirJob? TryReclaim()
    {
        foreach (var job in _jobs)
        {
            if (job is { IsLost: true }) return job;
        }
        return null;
    }
}
