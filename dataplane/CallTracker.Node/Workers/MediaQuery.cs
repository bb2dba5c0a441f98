using System.Globalization;
using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>
/// One question for the media of calls in progress: asked on any thread, answered by a worker. Used once.
/// </summary>
internal sealed class MediaQuery
{
    private const int NodeStartAt = 8;
    private const int WorkerAt = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly byte[] _trnId;
    private readonly int _limit;
    private readonly TaskCompletionSource<List<RunningMedia>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MediaQuery(string trnId, int limit) => (_trnId, _limit) = (Encoding.ASCII.GetBytes(trnId), limit);

    /// <summary>One call, asked of the worker that its id names; null when there is no such call, or its worker does
    /// not answer.</summary>
    public static async Task<RunningMedia?> AskAsync(Worker[] workers, string trnId, CancellationToken ct) =>
        TryFindWorker(trnId, workers.Length, out var number)
            ? (await new MediaQuery(trnId, 1).AskAsync(workers[number], ct)).SingleOrDefault()
            : null;

    /// <summary>Answered calls of all workers, an even share of each; those that are heard worst come first.</summary>
    public static async Task<List<RunningMedia>> ListAsync(Worker[] workers, int limit, CancellationToken ct)
    {
        var share = (limit + workers.Length - 1) / workers.Length;
        var lists = await Task.WhenAll(workers.Select(w => new MediaQuery("", share).AskAsync(w, ct)));
        return [.. lists.SelectMany(list => list).OrderBy(call => call.Mos).Take(limit)];
    }

    /// <summary>On the worker's thread.</summary>
    public void Answer(CallEngine engine, in ReceivedAt at)
    {
        var calls = new List<RunningMedia>();
        var running = engine.Running;
        var slot = _trnId.Length > 0 ? running.Find(_trnId) : -1;
        if (_trnId.Length > 0) Add(running, slot, at, calls);
        while (_trnId.Length == 0 && calls.Count < _limit && running.TryNext(ref slot))
            Add(running, slot, at, calls);
        _answer.TrySetResult(calls);
    }

    /// <summary>The worker that a call's id names; false for what is no id of this node's.</summary>
    internal static bool TryFindWorker(string trnId, int workerCount, out int number)
    {
        number = -1;
        return trnId.Length == CallFacts.TrnIdLength && trnId.All(char.IsAsciiLetterOrDigit)
            && int.TryParse(trnId.AsSpan(WorkerAt, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out number)
            && number < workerCount;
    }

    /// <summary>True for ids that this start of the node gave out.</summary>
    internal static bool IsOf(string trnId, uint nodeStart) =>
        trnId.Length == CallFacts.TrnIdLength
        && uint.TryParse(trnId.AsSpan(NodeStartAt, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var start)
        && start == nodeStart;

    private async Task<List<RunningMedia>> AskAsync(Worker worker, CancellationToken ct)
    {
        if (!worker.Mailbox.TryPost(new WorkerMessage(WorkerMessageKind.ReadMedia, Media: this))) return [];
        try
        {
            return await _answer.Task.WaitAsync(s_patience, ct);
        }
        catch (TimeoutException)
        {
            return [];
        }
    }

    private static void Add(in RunningCalls running, int slot, in ReceivedAt at, List<RunningMedia> calls)
    {
        Span<byte> trnId = stackalloc byte[CallFacts.TrnIdLength];
        if (running.TryRead(slot, trnId, out var inbound, out var outbound, out var answeredUnixMs))
            calls.Add(new RunningMedia(
                Encoding.ASCII.GetString(trnId), at.UnixMs, answeredUnixMs, inbound, outbound));
    }
}
