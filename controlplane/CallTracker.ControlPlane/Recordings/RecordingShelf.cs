using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Hosting;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// Where recordings' files lie: in the folder that nodes write, and from there in an S3-compatible store, if one is
/// set. Any thread.
/// </summary>
internal sealed class RecordingShelf : IDisposable
{
    /// <summary>Recordings fetched from the store at a time; more wait.</summary>
    public const int FetchesMax = 8;
    private readonly RecordingFolder _folder;
    private readonly RecordingBucket? _bucket;
    private readonly string _fetched;
    private readonly SemaphoreSlim _fetches = new(FetchesMax);

    public RecordingShelf(ControlPlaneOptions options)
    {
        _folder = new RecordingFolder(options.RecordingFolder);
        _bucket = options.RecordingBucket is { } bucket ? new RecordingBucket(bucket) : null;
        _fetched = Path.Combine(options.RunDirectory, "fetched-recordings");
    }

    /// <summary>True when finished recordings go to a store.</summary>
    public bool HasStore => _bucket is not null;

    /// <summary>A recording's file in the folder, finished or not; null when there is none.</summary>
    public FileStream? TryOpen(string trnId) => _folder.TryOpen(trnId);

    /// <summary>A recording's file out of the store; null when there is none.</summary>
    /// <exception cref="RecordingBucketException">The store fails.</exception>
    public async Task<FileStream?> FetchAsync(string trnId, CancellationToken ct)
    {
        if (_bucket is null) return null;
        await _fetches.WaitAsync(ct);
        try
        {
            return await _bucket.FetchAsync(trnId, _fetched, ct);
        }
        finally
        {
            _fetches.Release();
        }
    }

    /// <summary>
    /// Deletes a finished recording in the folder and then in the store: an upload that goes on meanwhile looks into
    /// the folder at its end. False while it is being written.
    /// </summary>
    /// <exception cref="RecordingBucketException">The store fails; the folder has it no longer.</exception>
    public async Task<bool> TryDeleteAsync(string trnId, CancellationToken ct)
    {
        if (!_folder.TryDelete(trnId)) return false;
        if (_bucket is not null) await _bucket.DeleteAsync(trnId, ct);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bucket?.Dispose();
        _fetches.Dispose();
    }
}
