using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Recordings in a folder of this machine. Stops short of a full disk: the journal, without which no call is taken,
/// usually lies on the same one.
/// </summary>
internal sealed class LocalRecordingStore(RecordingFolder folder, long freeBytesMin) : IRecordingStore
{
    private volatile bool _isFull;

    public void Check()
    {
        try
        {
            _isFull = Directory.Exists(folder.Root) && new DriveInfo(folder.Root).AvailableFreeSpace < freeBytesMin;
        }
        catch (IOException)
        {
            // A disk that cannot even be asked refuses the writes itself.
            _isFull = false;
        }
    }

    public IRecordingOutput Create(string trnId)
    {
        ThrowIfFull();
        Directory.CreateDirectory(folder.Pending);
        return new Output(this, folder.OpenPath(trnId));
    }

    public void Seal(string trnId)
    {
        // An earlier run came so far.
        if (File.Exists(folder.SealedPath(trnId))) return;
        using (var file = File.OpenHandle(folder.OpenPath(trnId), FileMode.Open, FileAccess.Write))
            RandomAccess.FlushToDisk(file);
        File.Move(folder.OpenPath(trnId), folder.SealedPath(trnId), overwrite: true);
    }

    void IRecordingStore.File(string trnId)
    {
        var path = folder.FiledPath(trnId);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Deleted on request while its row was on the way.
        if (!File.Exists(folder.SealedPath(trnId))) return;
        File.Move(folder.SealedPath(trnId), path, overwrite: true);
    }

    private void ThrowIfFull()
    {
        if (_isFull) throw new IOException("The disk of the recordings has no room left.");
    }

    private sealed class Output : IRecordingOutput
    {
        private readonly LocalRecordingStore _store;
        private readonly FileStream _file;
        private readonly string _path;
        private long _length;

        public Output(LocalRecordingStore store, string path)
        {
            (_store, _path) = (store, path);
            _file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            _store.ThrowIfFull();
            AppendEnd(bytes);
        }

        public void AppendEnd(ReadOnlySpan<byte> bytes)
        {
            try
            {
                RandomAccess.Write(_file.SafeFileHandle, bytes, _length);
            }
            catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
            {
                // A chunk of which only a part found room must not stand before the next.
                RandomAccess.SetLength(_file.SafeFileHandle, _length);
                throw;
            }
            _length += bytes.Length;
        }

        public void Dispose()
        {
            // What never took a byte is no recording.
            if (_length == 0) File.Delete(_path);
            _file.Dispose();
        }
    }
}
