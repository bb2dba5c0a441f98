using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Passes settled route look-ups to the mailbox of the worker that asked. A full mailbox loses the word; the call's own
/// route time-out then refuses it. Any thread.
/// </summary>
internal sealed class RouteWaiter(Mailbox[] mailboxes) : IRouteWaiter
{
    public void OnRouteSettled(int worker, PhoneNumber number) =>
        mailboxes[worker].TryPost(new WorkerMessage(WorkerMessageKind.RouteSettled, Number: number));
}
