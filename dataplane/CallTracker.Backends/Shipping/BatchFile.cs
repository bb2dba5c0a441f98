using CallTracker.Backends.Journal;
using Microsoft.Win32.SafeHandles;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// The file of the batch that was fixed last. Each batch is written over the one before, which is in ClickHouse by
/// then: its blocks are there already, so one write of content makes it durable. A write that is cut off leaves a file
/// that is refused, and a batch that was never sent: its rows are taken anew from behind the checkpoint, each after a
/// look in the table. The shipper's.
/// </summary>
internal sealed class BatchFile(string directory) : IDisposable
{
    private const string FileName = "batch.pending";
    private readonly string _path = Path.Combine(directory, FileName);
    private SafeFileHandle? _file;

    /// <summary>On return the batch outlives a power cut.</summary>
    public void Write(Batch batch)
    {
        if (_file is null) Open();
        var head = batch.Head();
        RandomAccess.Write(_file!, [head, batch.Body], 0);
        JournalLibC.SyncContent(_file!);
    }

    /// <summary>The batch that an earlier run fixed and did not settle; null when there is none.</summary>
    public Batch? Read(IBackendLog log)
    {
        if (!File.Exists(_path)) return null;
        var batch = Batch.TryParse(File.ReadAllBytes(_path));
        if (batch is not null) return batch;
        // Its rows are still in the journals behind the checkpoint and are sent again after a look for each.
        log.Report(BackendEvent.BatchFileCorrupt, "The pending batch cannot be read; its rows are taken anew.");
        File.Move(_path, _path + ".bad", overwrite: true);
        return null;
    }

    /// <summary>A checkpoint says as much as the file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Open()
    {
        var file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete);
        try
        {
            JournalLibC.SyncDirectory(directory);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        _file = file;
    }
}
