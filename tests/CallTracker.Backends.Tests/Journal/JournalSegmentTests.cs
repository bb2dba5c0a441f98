using CallTracker.Backends.Journal;
using CallTracker.Backends.Tests.Support;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>What a reader makes of a segment that ends anywhere or was damaged anywhere.</summary>
public sealed class JournalSegmentTests : IDisposable
{
    private const int EntryCount = 6;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_CutAtEveryByte_GivesTheWholeEntriesBeforeTheCut()
    {
        var (bytes, ends) = MakeSegment();
        for (var cut = SegmentLayout.HeaderLength; cut <= ends[^1]; cut++)
        {
            var copy = (byte[])bytes.Clone();
            copy.AsSpan(cut).Clear();
            var whole = ends.Count(e => e <= cut);
            var ids = ReadIds(copy, out _);
            // A cut within the padding of an entry leaves it whole.
            ids.Count.ShouldBeInRange(whole, whole + 1, $"cut at {cut}");
            ids.ShouldBe(Enumerable.Range(0, ids.Count).Select(TestCalls.IdOf));
        }
    }

    [Fact]
    public void Read_EveryFlippedByte_NeverGivesAnAlteredEntry()
    {
        var (bytes, ends) = MakeSegment();
        for (var at = SegmentLayout.HeaderLength; at < ends[^1]; at++)
        {
            var copy = (byte[])bytes.Clone();
            copy[at] ^= (byte)(1 << (at % 8));
            var ids = ReadIds(copy, out _);
            ids.ShouldBe(Enumerable.Range(0, ids.Count).Select(TestCalls.IdOf), $"byte {at}");
            ids.Count.ShouldBeGreaterThanOrEqualTo(ends.Count(e => e <= at), $"byte {at}");
        }
    }

    [Fact]
    public void Read_ADamagedEntryInTheMiddle_StopsThereAndSaysSo()
    {
        var (bytes, ends) = MakeSegment();
        bytes[ends[3] + 40] ^= 0xff;
        ReadIds(bytes, out var status).Count.ShouldBe(4);
        status.ShouldBe(EntryStatus.Corrupt);
    }

    [Fact]
    public void Read_AMissingPageInTheMiddle_IsNotTakenForTheEnd()
    {
        var (bytes, ends) = MakeSegment(count: 12);
        bytes.AsSpan(ends[2], ends[3] - ends[2]).Clear();
        File.WriteAllBytes(PathOf(), bytes);
        using var segment = JournalSegment.TryOpen(PathOf()).ShouldNotBeNull();
        segment.Read(ends[2], out _, out _).ShouldBe(EntryStatus.End);
        segment.IsEmptyBehind(ends[2]).ShouldBeFalse();
        segment.IsEmptyBehind(ends[^1]).ShouldBeTrue();
    }

    [Fact]
    public void Read_EveryFlippedHeaderByte_IsRefusedOrHarmless()
    {
        var (bytes, _) = MakeSegment();
        for (var at = 0; at < SegmentLayout.HeartbeatOffset - 4; at++)
        {
            bytes[at] ^= 0x10;
            File.WriteAllBytes(PathOf(), bytes);
            JournalSegment.TryOpen(PathOf()).ShouldBeNull($"byte {at}");
            bytes[at] ^= 0x10;
        }
    }

    private string PathOf() => Path.Combine(_folder.Path, "copy.journal");

    private (byte[] Bytes, List<int> Ends) MakeSegment(int count = EntryCount)
    {
        using var segment = JournalSegment.Create(_folder.Path, 0, 1, run: 5, JournalOptions.SegmentBytesMin, nowMs: 1);
        var ends = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var facts = TestCalls.Started(i).Answer().End(1_795_000_009_000);
            segment.Commit(JournalEntryKind.End, CallFactsWriter.Write(facts, "c2VhbGVk", 1, segment.PayloadRoom()));
            ends.Add(segment.Written);
        }
        segment.Sync();
        var bytes = File.ReadAllBytes(segment.Path);
        File.Delete(segment.Path);
        return (bytes, ends);
    }

    private List<string> ReadIds(byte[] bytes, out EntryStatus status)
    {
        File.WriteAllBytes(PathOf(), bytes);
        using var segment = JournalSegment.TryOpen(PathOf()).ShouldNotBeNull();
        var ids = new List<string>();
        var offset = SegmentLayout.HeaderLength;
        while ((status = segment.Read(offset, out var kind, out var payload)) == EntryStatus.Entry)
        {
            ids.Add(JournalledCall.TryRead(kind, payload).ShouldNotBeNull().TrnId);
            offset += SegmentLayout.LengthOf(payload.Length);
        }
        return ids;
    }
}
