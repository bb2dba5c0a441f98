using System.Buffers;
using System.Security.Cryptography;
using CallTracker.Backends.Journal;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// Collects ended calls of all journals and fixes them as a batch, in order of their end. The shipper's.
/// </summary>
internal sealed class BatchBuilder
{
    private readonly string _nodeId;
    private readonly IReadOnlyList<JournalReader> _readers;
    private readonly int _rowsMax;
    private readonly List<CallRecord> _records = [];
    private bool _hasOld;

    public BatchBuilder(string nodeId, IReadOnlyList<JournalReader> readers, int rowsMax)
    {
        _nodeId = nodeId;
        _readers = readers;
        _rowsMax = rowsMax;
    }

    public int Count => _records.Count;
    public bool IsFull => _records.Count >= _rowsMax;

    /// <summary>When the oldest call taken ended; 0 while there is none.</summary>
    public long OldestEndMs { get; private set; }

    /// <summary>
    /// Takes what the journals hold, one call of each in turn, until the batch is full or nothing is left.
    /// </summary>
    public void Collect()
    {
        var found = true;
        while (found && !IsFull)
        {
            found = false;
            foreach (var reader in _readers)
            {
                if (IsFull || reader.TryTakeEnd(out var isOld) is not { } call) continue;
                found = true;
                _hasOld |= isOld || call.Recovered;
                _records.Add(CallRecordMapper.ToRecord(call, _nodeId));
                OldestEndMs = OldestEndMs == 0 ? call.EocMs : Math.Min(OldestEndMs, call.EocMs);
            }
        }
    }

    /// <summary>How many numbers each operator needs.</summary>
    public Dictionary<string, int> Counts()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in _records)
            counts[record.OperatorId] = counts.GetValueOrDefault(record.OperatorId) + 1;
        return counts;
    }

    /// <summary>Numbers the calls in order of their end, writes the rows and starts afresh.</summary>
    /// <param name="first">The first number of each operator.</param>
    public Batch Fix(long batchId, IReadOnlyDictionary<string, ulong> first, IReadOnlyDictionary<string, ulong> known)
    {
        _records.Sort(static (a, b) => a.EocMs != b.EocMs
            ? a.EocMs.CompareTo(b.EocMs)
            : string.CompareOrdinal(a.TrnId, b.TrnId));
        var next = new Dictionary<string, ulong>(first, StringComparer.Ordinal);
        foreach (var record in _records) record.SeqNum = next[record.OperatorId]++;
        var sequences = new Dictionary<string, ulong>(known, StringComparer.Ordinal);
        foreach (var (operatorId, following) in next) sequences[operatorId] = following - 1;
        var batch = WriteRows(batchId, sequences);
        _records.Clear();
        (_hasOld, OldestEndMs) = (false, 0);
        return batch;
    }

    private Batch WriteRows(long batchId, Dictionary<string, ulong> sequences)
    {
        var body = new ArrayBufferWriter<byte>(_records.Count * 512);
        var writer = new RowBinaryWriter(body);
        var lengths = new int[_records.Count];
        for (var i = 0; i < lengths.Length; i++)
        {
            var before = body.WrittenCount;
            CallRecordTable.Write(writer, _records[i]);
            lengths[i] = body.WrittenCount - before;
        }
        var header = new BatchHeader
        {
            BatchId = batchId,
            // Random, because a node whose journal directory was lost counts its batches from one again.
            Token = $"{_nodeId}:{batchId}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}",
            Columns = CallRecordTable.ColumnList,
            Positions = [.. _readers.Select(Place)],
            Sequences = sequences,
            TrnIds = [.. _records.Select(r => r.TrnId)],
            RowLengths = lengths,
            DinMsMin = _records.Min(r => r.DinMs),
            DinMsMax = _records.Max(r => r.DinMs),
            MayBePresent = _hasOld,
            BodyCrc = SegmentLayout.Crc(body.WrittenSpan),
        };
        return new Batch(header, body.WrittenMemory);
    }

    private static WorkerPosition Place(JournalReader reader) =>
        new(reader.Journal.Worker, reader.Position.Segment, reader.Position.Offset);
}
