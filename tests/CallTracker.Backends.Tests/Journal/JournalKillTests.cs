using CallTracker.Backends.Journal;
using CallTracker.Backends.Tests.Support;
using CallTracker.Core.Time;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>kill -9 at any moment: every entry that was journalled is there, every call ends once.</summary>
public sealed class JournalKillTests
{
    public static JournalOptions Options(string folder) => new()
    {
        Directory = folder,
        NodeId = "node1",
        SegmentBytes = 256 * 1024,
        SyncIntervalMs = 10,
        HeartbeatMs = 20,
        TotalBytesMax = 64L * 1024 * 1024,
    };

    [Fact]
    public async Task Node_KilledAtRandomMoments_LosesNoEntryAndEndsEachCallOnce()
    {
        using var folder = new TempFolder();
        var random = new Random(20260);
        var told = new List<string>();
        var killedAtMs = 0L;
        for (var run = 0; run < 5; run++)
        {
            told.AddRange(await RunAndKillAsync(folder, first: run * 1_000_000, random.Next(100, 4000)));
            killedAtMs = new SystemClock().UnixMs;
        }
        using var set = TestJournals.Open(Options(folder.Path), workers: 2);
        var ends = TestJournals.ReadEnds(set);
        var byId = ends.ToLookup(e => e.TrnId);
        byId.ShouldAllBe(calls => calls.Count() == 1);
        foreach (var line in told)
        {
            var call = byId[TestCalls.IdOf(int.Parse(line.AsSpan(2)))].ShouldHaveSingleItem(line);
            if (line[0] == 'A') call.TstMs.ShouldNotBe(0, line);
            if (line[0] == 'E') call.Recovered.ShouldBeFalse(line);
        }
        ends.Count(e => e.Recovered).ShouldBeInRange(5, 5 * 21);
        ends.Count.ShouldBeGreaterThan(300);
        // The end of the last run's calls is the last heartbeat: within a second of the kill.
        var last = ends.Where(e => e.Recovered).Max(e => e.EocMs);
        (killedAtMs - last).ShouldBeInRange(-50, 1000);
    }

    private static async Task<List<string>> RunAndKillAsync(TempFolder folder, int first, int lines)
    {
        var environment = new Dictionary<string, string>
        {
            [JournalChild.FolderVariable] = folder.Path,
            [JournalChild.FirstVariable] = $"{first}",
        };
        var child = ServerProcess.Start(Environment.ProcessPath!, [], environment);
        await Eventually.IsTrue(
            () => child.HasExited || child.Output.Count(c => c == '\n') >= lines, "the child writes", 30_000);
        child.HasExited.ShouldBeFalse(child.Output);
        var exit = await child.KillAsync();
        await child.DisposeAsync();
        // The last line may be cut off by the kill.
        var end = exit.Output.LastIndexOf('\n');
        return [.. exit.Output[..end].Split('\n').Where(l => l.Length > 2 && l[0] is 'S' or 'A' or 'E')];
    }
}
