namespace CallTracker.Backends.Journal;

/// <summary>
/// Disk space held back for shipping: a full disk could otherwise keep the shipper from writing the very batch whose
/// insertion makes room. Owned by the shipper.
/// </summary>
internal sealed class DiskBallast
{
    private const int Length = 8 * 1024 * 1024;
    private readonly string _path;

    public DiskBallast(string directory) => _path = Path.Combine(directory, "ballast");

    /// <summary>Runs a write; when the disk refuses it, gives the ballast away and runs it once more.</summary>
    public void Spend(Action write)
    {
        try
        {
            write();
        }
        catch (IOException) when (File.Exists(_path))
        {
            File.Delete(_path);
            write();
        }
    }

    /// <summary>Takes the space back when there is room again; no harm when there is not.</summary>
    public void TryTake()
    {
        if (File.Exists(_path)) return;
        using var file = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
        if (JournalLibC.Allocate(file, 0, Length) != 0) File.Delete(_path);
    }
}
