namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The folder that holds the data, locked for this process while it lives. The lock is the kernel's, so it is gone
/// after a kill -9.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "embedded.lock";
    private readonly FileStream _lock;

    private DataFolder(FileStream locked) => _lock = locked;

    /// <summary>Null and one line of reason when the folder cannot be used.</summary>
    public static DataFolder? TryOpen(string path, out string reason)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = $"data folder {path} cannot be created: {error.Message}";
            return null;
        }

        try
        {
            var locked = new FileStream(
                Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            reason = string.Empty;
            return new DataFolder(locked);
        }
        catch (UnauthorizedAccessException error)
        {
            reason = $"data folder {path} cannot be written: {error.Message}";
        }
        catch (IOException error)
        {
            reason = $"data folder {path} is in use by another process, or broken: {error.Message}";
        }

        return null;
    }

    public void Dispose() => _lock.Dispose();
}
