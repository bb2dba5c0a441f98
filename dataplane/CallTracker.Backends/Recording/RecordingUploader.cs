using System.Collections.Concurrent;
using CallTracker.Contracts.Recordings;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Brings filed recordings from the folder to the store. A local file goes only when the store has it, whole; what is
/// not there yet lies in the folder and nowhere else, so that a restart goes on where it was. While the store is away
/// it is asked ever more rarely, and recordings stay here. One task.
/// </summary>
public sealed class RecordingUploader : IAsyncDisposable
{
    /// <summary>Recordings taken up in one turn; those beyond are counted and wait for the next.</summary>
    public const int PerTurnMax = 1000;
    private const int AtATimeMax = 4;
    private const int ToldMax = 100;
    private const int PauseMsMin = 2000;
    private const int PauseMsMax = 60_000;
    private readonly RecordingFolder _folder;
    private readonly RecordingBucket _bucket;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    // Files of this machine that were told to make trouble.
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private long _waiting;
    private long _stored;
    private long _bytes;
    private long _failures;
    private int _isAway;

    /// <param name="folder">Where nodes put recordings.</param>
    /// <param name="bucket">Where they go; disposed with this.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told once when the store goes away, and once when it is back.</param>
    public RecordingUploader(RecordingFolder folder, RecordingBucket bucket, IClock clock, IBackendLog log) =>
        (_folder, _bucket, _clock, _log) = (folder, bucket, clock, log);

    /// <summary>Recordings that wait in the folder, as of the last look.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Recordings brought to the store since start.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Bytes of those.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Tries that failed since start.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// One round: takes up what waits, until all is done or the store fails; false when it did. Tests use it too.
    /// </summary>
    public async Task<bool> TurnAsync(CancellationToken ct)
    {
        var due = new List<string>();
        var waiting = 0L;
        foreach (var trnId in _folder.FindFiled(DateTimeOffset.FromUnixTimeMilliseconds(_clock.UnixMs)))
        {
            waiting++;
            if (due.Count < PerTurnMax) due.Add(trnId);
        }
        Volatile.Write(ref _waiting, waiting);
        var isGood = true;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATimeMax, CancellationToken = ct };
        await Parallel.ForEachAsync(due, options, async (trnId, token) =>
        {
            // The rest waits for a better time.
            if (!Volatile.Read(ref isGood)) return;
            if (!await TryStoreAsync(trnId, token)) Volatile.Write(ref isGood, false);
        });
        if (due.Count > 0 && isGood) TellBack();
        return isGood;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _bucket.Dispose();
    }

    private async Task RunAsync()
    {
        var pauseMs = PauseMsMin;
        try
        {
            while (true)
            {
                pauseMs = await TryTurnAsync() ? PauseMsMin : Math.Min(pauseMs * 2, PauseMsMax);
                await Task.Delay(pauseMs, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What is not there yet waits in the folder for the next start.
        }
    }

    private async Task<bool> TryTurnAsync()
    {
        try
        {
            return await TurnAsync(_stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The task must outlive whatever the file system does.
            _log.Report(BackendEvent.RecordingFailed, e.Message);
            return false;
        }
    }

    private async Task<bool> TryStoreAsync(string trnId, CancellationToken ct)
    {
        var path = _folder.FiledPath(trnId);
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > RecordingBucket.LengthMax) throw new IOException("It is too large.");
            await _bucket.StoreAsync(trnId, file, ct);
            // Deleted on request meanwhile: then the store must not have it either. Whoever deletes does it here first
            // and in the store after that, so that one of the two finds it.
            if (!File.Exists(path)) await _bucket.DeleteAsync(trnId, ct);
            File.Delete(path);
            Interlocked.Increment(ref _stored);
            Interlocked.Decrement(ref _waiting);
            Interlocked.Add(ref _bytes, file.Length);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted, or another node was faster.
            return true;
        }
        catch (RecordingBucketException e)
        {
            Interlocked.Increment(ref _failures);
            if (Interlocked.Exchange(ref _isAway, 1) == 0) _log.Report(BackendEvent.RecordingStoreAway, e.Message);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One file that cannot be read does not keep the others from going.
            Interlocked.Increment(ref _failures);
            if (_told.Count < ToldMax && _told.TryAdd(trnId, true))
                _log.Report(BackendEvent.RecordingFailed, $"{trnId} cannot be brought to the store: {e.Message}");
            return true;
        }
    }

    private void TellBack()
    {
        if (Interlocked.Exchange(ref _isAway, 0) == 1)
            _log.Report(BackendEvent.RecordingStoreBack, "The store takes recordings again.");
    }
}
