using CallTracker.Calls.Stir;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Passes what the STIR service answered to the mailbox of the worker that asked. A full mailbox refuses it; the call's
/// own time-out then lets it go on without. Any thread.
/// </summary>
internal sealed class StirOutlet(Mailbox[] mailboxes) : IStirOutlet
{
    public bool OnStirDone(StirJob job) =>
        mailboxes[job.Worker].TryPost(new WorkerMessage(WorkerMessageKind.StirDone, Stir: job));
}
