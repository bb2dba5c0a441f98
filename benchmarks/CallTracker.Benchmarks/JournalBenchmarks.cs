using BenchmarkDotNet.Attributes;
using CallTracker.Backends.Journal;
using CallTracker.Benchmarks.Kit;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Calls;

namespace CallTracker.Benchmarks;

/// <summary>
/// The three entries of a call, with the sealing of the caller's number. Segments are made and dropped on the way, as
/// keeper and shipper do beside the worker in life; nothing is synchronised to the disk.
/// </summary>
public class JournalBenchmarks
{
    private const int SegmentBytes = 4 << 20;
    private readonly CallFacts _facts = new();
    private string _directory = "";
    private WorkerJournal? _journal;
    private uint _number;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("calltracker-journal-").FullName;
        var options = new JournalOptions { Directory = _directory, NodeId = "bench", SegmentBytes = SegmentBytes };
        var cipher = new CallerCipher(new byte[CallerCipher.KeyLength]);
        _journal = new WorkerJournal(0, [], cipher, new KeeperAlarm(), options, new JournalCounters());
        Renew();
        Renew();
    }

    [Benchmark]
    public uint WholeCall()
    {
        if (_journal!.PreparedCount == 0) Renew();
        Facts.Fill(_facts, ++_number);
        _journal.Started(_facts);
        Facts.Answer(_facts);
        _journal.Answered(_facts);
        Facts.End(_facts);
        _journal.Ended(_facts);
        return _journal.IsWritable ? _number : throw new InvalidOperationException("Full.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _journal!.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Renew()
    {
        _journal!.AddPrepared(_journal.NewSegment(run: 1, nowMs: 1));
        foreach (var segment in _journal.Chain)
        {
            if (segment == _journal.Current) continue;
            _journal.Drop(segment);
            segment.Dispose();
            File.Delete(segment.Path);
        }
    }
}
