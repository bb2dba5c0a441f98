using System.Text.Json;
using CallTracker.Backends.Journal;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// How far shipping has come: the last batch that is safely in ClickHouse, the place in each worker's journal behind
/// it, and the highest number given to each operator. A small JSON file, replaced as a whole.
/// </summary>
public sealed record ShippingCheckpoint
{
    private const string FileName = "checkpoint.json";

    public long BatchId { get; init; }
    public IReadOnlyList<WorkerPosition> Positions { get; init; } = [];
    public IReadOnlyDictionary<string, ulong> Sequences { get; init; } =
        new Dictionary<string, ulong>(StringComparer.Ordinal);

    /// <summary>
    /// Reads the file; an empty checkpoint when it is missing or unreadable (rows are then checked one by one).
    /// </summary>
    public static ShippingCheckpoint Read(string directory, IBackendLog log)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return new ShippingCheckpoint();
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), ShippingJson.Default.ShippingCheckpoint);
            return read ?? new ShippingCheckpoint();
        }
        catch (JsonException e)
        {
            log.Report(BackendEvent.CheckpointUnreadable, "The checkpoint is kept aside: " + e.Message);
            File.Move(path, path + ".bad", overwrite: true);
            return new ShippingCheckpoint();
        }
    }

    /// <summary>Replaces the file; on return it outlives a power cut.</summary>
    public void Write(string directory)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(this, ShippingJson.Default.ShippingCheckpoint);
        DurableFile.Replace(Path.Combine(directory, FileName), content);
    }

    public JournalPosition PositionOf(int worker)
    {
        foreach (var position in Positions)
        {
            if (position.Worker == worker) return new JournalPosition(position.Segment, position.Offset);
        }
        return new JournalPosition(0, SegmentLayout.HeaderLength);
    }
}
