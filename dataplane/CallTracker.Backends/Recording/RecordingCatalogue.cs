using System.Buffers;
using System.Threading.Channels;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Brings closed recordings to where they stay: the file is made durable, its row goes to ClickHouse, and only then is
/// the file moved out of the folder that a starting node looks through. So whatever dies in between, the row comes;
/// one that comes twice is the same row. One task.
/// </summary>
internal sealed class RecordingCatalogue(
    ClickHouseClient clickHouse, IRecordingStore store, RecordingSettings settings, IClock clock,
    RecordingCounters counters, IBackendLog log) : IAsyncDisposable
{
    private const int BatchRowsMax = 1000;
    private readonly Channel<ClosedRecording> _queue = Channel.CreateBounded<ClosedRecording>(
        new BoundedChannelOptions(settings.RowsMax) { SingleReader = true });
    private readonly CancellationTokenSource _abort = new();
    private readonly List<ClosedRecording> _batch = [];
    private Task _loop = Task.CompletedTask;
    private bool _isTold;

    /// <summary>Rows that wait; any thread.</summary>
    public int WaitingCount => _queue.Reader.Count;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// Takes a recording; what finds no place is counted and, if it has a file, found at the next start.
    /// </summary>
    public void Add(ClosedRecording recording)
    {
        if (!recording.IsCounted) counters.CountClosed(recording.Row.Summary.State);
        if (!_queue.Writer.TryWrite(recording)) counters.CountRowDropped();
    }

    /// <summary>Brings what waits to ClickHouse and ends, at the latest after <paramref name="msMax"/>.</summary>
    public async Task StopAsync(int msMax)
    {
        _queue.Writer.TryComplete();
        _abort.CancelAfter(msMax);
        await _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(0);
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_abort.Token))
            {
                // Few large inserts are what ClickHouse wants.
                if (!_queue.Reader.Completion.IsCompleted) await Task.Delay(settings.BatchMs, _abort.Token);
                _batch.Clear();
                while (_batch.Count < BatchRowsMax && _queue.Reader.TryRead(out var next)) _batch.Add(next);
                _batch.RemoveAll(recording => recording.HasFile && !Try(() => store.Seal(recording.Row.TrnId)));
                await InsertAsync(_batch);
                foreach (var recording in _batch.Where(r => r.HasFile)) Try(() => store.File(recording.Row.TrnId));
            }
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // What has a file is found at the next start.
        }
    }

    private async Task InsertAsync(List<ClosedRecording> batch)
    {
        if (batch.Count == 0) return;
        var rows = new ArrayBufferWriter<byte>();
        foreach (var recording in batch) RecordingTable.Write(new RowBinaryWriter(rows), recording.Row);
        var token = RecordingTable.TokenOf(batch[0].Row) + "-" + clock.UnixMs;
        while (!await TryInsertAsync(rows.WrittenMemory, token)) await Task.Delay(settings.RetryMs, _abort.Token);
        counters.CountRows(batch.Count);
    }

    // The schema may come later than the first recording, so no refusal is final.
    private async Task<bool> TryInsertAsync(ReadOnlyMemory<byte> rows, string token)
    {
        try
        {
            await clickHouse.InsertAsync(
                RecordingTable.Name, RecordingTable.ColumnList, "RowBinary", rows, token, _abort.Token);
            _isTold = false;
            return true;
        }
        catch (ClickHouseException e)
        {
            if (!_isTold) log.Report(BackendEvent.RecordingFailed, e.Message);
            _isTold = true;
            return false;
        }
    }

    private bool Try(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Report(BackendEvent.RecordingFailed, e.Message);
            return false;
        }
    }
}
