using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Recording;
using CallTracker.Contracts.Recordings;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>
/// One order for the recording of a call in progress: given on any thread, carried out by the call's worker. One that
/// its asker no longer waits for is not carried out. Used once.
/// </summary>
internal sealed class RecordingOrder
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(RecordingOrderRecord.TimeoutMs * 3 / 4.0);
    private readonly byte[] _trnId;
    private readonly RecordingWish _wish;
    private readonly TaskCompletionSource<RecordingReply> _reply =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    private RecordingOrder(string trnId, RecordingWish wish) =>
        (_trnId, _wish) = (Encoding.ASCII.GetBytes(trnId), wish);

    /// <summary>
    /// Gives the order to the worker that the call's id names; null when the id is not one of this node's start.
    /// </summary>
    /// <param name="workers">All workers.</param>
    /// <param name="nodeStart">The bits that this node's ids carry.</param>
    /// <param name="trnId">Whose recording.</param>
    /// <param name="wish">What.</param>
    /// <param name="ct">The node ends.</param>
    public static async Task<RecordingReply?> GiveAsync(
        Worker[] workers, uint nodeStart, string trnId, RecordingWish wish, CancellationToken ct)
    {
        if (!MediaQuery.IsOf(trnId, nodeStart)) return null;
        if (!MediaQuery.TryFindWorker(trnId, workers.Length, out var number)) return null;
        return await new RecordingOrder(trnId, wish).GiveAsync(workers[number], ct);
    }

    /// <summary>On the worker's thread.</summary>
    public void CarryOut(CallEngine engine, in ReceivedAt at)
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0) return;
        var running = engine.Running;
        _reply.TrySetResult(running.OrderRecording(running.Find(_trnId), _wish, at));
    }

    private async Task<RecordingReply> GiveAsync(Worker worker, CancellationToken ct)
    {
        var busy = new RecordingReply(RecordingReplyKind.Busy);
        if (!worker.Mailbox.TryPost(new WorkerMessage(WorkerMessageKind.OrderRecording, Order: this))) return busy;
        try
        {
            return await _reply.Task.WaitAsync(s_patience, ct);
        }
        catch (TimeoutException)
        {
            // Either it is called off, or the worker has begun and its answer comes at once.
            return Interlocked.Exchange(ref _isTaken, 1) == 0 ? busy : await _reply.Task;
        }
    }
}
