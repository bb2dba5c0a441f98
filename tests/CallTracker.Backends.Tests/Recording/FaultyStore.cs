using CallTracker.Backends.Recording;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>A store that takes no bytes while it is told so, and counts looks at its room.</summary>
internal sealed class FaultyStore(IRecordingStore store) : IRecordingStore
{
    public bool IsFull { get; set; }

    /// <summary>What the file system answers instead of an IOException.</summary>
    public Exception? Fault { get; set; }

    public int Checks { get; private set; }

    public void Check()
    {
        Checks++;
        store.Check();
    }

    public IRecordingOutput Create(string trnId)
    {
        ThrowIfFull();
        return new Output(this, store.Create(trnId));
    }

    public void Seal(string trnId) => store.Seal(trnId);

    public void File(string trnId) => store.File(trnId);

    private void ThrowIfFull()
    {
        if (Fault is not null) throw Fault;
        if (IsFull) throw new IOException("No space left on device");
    }

    private sealed class Output(FaultyStore owner, IRecordingOutput output) : IRecordingOutput
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            owner.ThrowIfFull();
            output.Append(bytes);
        }

        public void AppendEnd(ReadOnlySpan<byte> bytes)
        {
            owner.ThrowIfFull();
            output.AppendEnd(bytes);
        }

        public void Dispose() => output.Dispose();
    }
}
