using System.Globalization;
using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>
/// One question for the media of a call in progress: asked on any thread, answered by the worker that the call's id
/// names. Used once.
/// </summary>
internal sealed class MediaQuery
{
    private const int WorkerAt = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly byte[] _trnId;
    private readonly TaskCompletionSource<RunningMedia?> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MediaQuery(string trnId) => _trnId = Encoding.ASCII.GetBytes(trnId);

    /// <summary>Null when there is no such call, or its worker does not answer.</summary>
    public static async Task<RunningMedia?> AskAsync(Worker[] workers, string trnId, CancellationToken ct)
    {
        if (!TryFindWorker(trnId, workers.Length, out var number)) return null;
        var query = new MediaQuery(trnId);
        if (!workers[number].Mailbox.TryPost(new WorkerMessage(WorkerMessageKind.ReadMedia, Media: query))) return null;
        try
        {
            return await query._answer.Task.WaitAsync(s_patience, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>On the worker's thread.</summary>
    public void Answer(CallEngine engine, in ReceivedAt at)
    {
        var isFound = engine.TryReadMedia(_trnId, out var inbound, out var outbound, out var answeredUnixMs);
        _answer.TrySetResult(isFound ? new RunningMedia(at.UnixMs, answeredUnixMs, inbound, outbound) : null);
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
}
