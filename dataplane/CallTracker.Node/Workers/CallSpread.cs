namespace CallTracker.Node.Workers;

/// <summary>
/// Who takes new calls. While one worker is enough for all of them the first takes them all: the others sleep, no
/// message changes hands, and each wake-up has more to do (decision 0053). Else each worker takes those whose Call-ID
/// hashes to it. An INVITE that is repeated, its CANCEL and the ACK to its refusal must find the worker that has it,
/// whatever was changed in between: for as long as an INVITE is repeated both workers that may have it are asked, and
/// for a CANCEL always.
/// </summary>
/// <param name="workerCount">Of the node.</param>
/// <param name="gathers">False: all workers share from the first call on.</param>
internal sealed class CallSpread(int workerCount, bool gathers)
{
    private readonly int[] _busy = new int[workerCount];
    private volatile SpreadPhase _phase = gathers && workerCount > 1 ? SpreadPhase.Gathered : SpreadPhase.Spread;

    /// <summary>False: <see cref="Phase"/> stays as it is.</summary>
    public bool Changes => gathers && WorkerCount > 1;

    public int WorkerCount { get; } = workerCount;

    /// <summary>Set by the first worker, read by all.</summary>
    public SpreadPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>True while the first worker is asked first about every new call.</summary>
    public bool IsByFirst => _phase is SpreadPhase.Gathered or SpreadPhase.Opening;

    /// <summary>A new INVITE.</summary>
    /// <param name="hashed">The worker that its Call-ID hashes to.</param>
    public CallOwner OfInvite(int hashed) => hashed == 0 ? new CallOwner(0) : _phase switch
    {
        SpreadPhase.Gathered => new CallOwner(0),
        SpreadPhase.Opening => new CallOwner(0, hashed),
        SpreadPhase.Spread => new CallOwner(hashed),
        _ => new CallOwner(hashed, 0),
    };

    /// <summary>
    /// A CANCEL, or an ACK without a tag of ours; its INVITE may be older than any change.
    /// </summary>
    /// <param name="hashed">The worker that its Call-ID hashes to.</param>
    public CallOwner OfFollower(int hashed)
    {
        if (hashed == 0) return new CallOwner(0);
        if (!Changes) return new CallOwner(hashed);
        return IsByFirst ? new CallOwner(0, hashed) : new CallOwner(hashed, 0);
    }

    /// <summary>A worker tells what part of the last interval it was busy, in thousandths; its own thread.</summary>
    public void Tell(int worker, int busyPermille) => Volatile.Write(ref _busy[worker], busyPermille);

    /// <summary>What a worker told last.</summary>
    public int BusyOf(int worker) => Volatile.Read(ref _busy[worker]);

    /// <summary>What all told last, together.</summary>
    public int BusyOfAll()
    {
        var sum = 0;
        for (var i = 0; i < WorkerCount; i++) sum += BusyOf(i);
        return sum;
    }
}
