namespace CallTracker.Calls.Stir;

/// <summary>Takes finished jobs to the mailbox of the worker that asked. Called by the service's threads.</summary>
public interface IStirOutlet
{
    /// <summary>False when the mailbox is full; the call's own time-out then decides.</summary>
    bool OnStirDone(StirJob job);
}
