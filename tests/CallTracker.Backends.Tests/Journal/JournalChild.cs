using System.Runtime.CompilerServices;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>
/// This test program started once more, as a node that writes calls as fast as it can and tells of each entry after it
/// was journalled: <c>S</c>, <c>A</c> or <c>E</c> and the call's number. It is there to be killed.
/// </summary>
internal static class JournalChild
{
    public const string FolderVariable = "CALLTRACKER_TEST_JOURNAL";
    public const string FirstVariable = "CALLTRACKER_TEST_FIRST";

    [ModuleInitializer]
    public static void Run()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder) return;
        var number = int.Parse(Environment.GetEnvironmentVariable(FirstVariable)!);
        using var set = TestJournals.Open(JournalKillTests.Options(folder), workers: 2);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var open = new Queue<(ICallJournal Journal, CallFacts Facts, int Number)>();
        while (true)
        {
            var journal = set.ForWorker(number % 2);
            if (!journal.IsWritable) continue;
            var facts = TestCalls.Started(number);
            journal.Started(facts);
            output.WriteLine($"S {number}");
            if (number % 3 == 0)
            {
                journal.Answered(facts.Answer());
                output.WriteLine($"A {number}");
            }
            open.Enqueue((journal, facts, number++));
            if (open.Count < 20) continue;
            var oldest = open.Dequeue();
            oldest.Journal.Ended(oldest.Facts.End(1_795_000_500_000));
            output.WriteLine($"E {oldest.Number}");
        }
    }
}
