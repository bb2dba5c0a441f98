using System.Text;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Torture;

/// <summary>The 49 messages of RFC 4475, byte for byte, through parser, transactions and engine.</summary>
public sealed class TortureTableTests
{
    private const string Document = "dataplane/CallTracker.Sip/torture.md";

    public static TheoryData<string, string> Outcomes() =>
        [.. TortureRow.All.Select(row => new TheoryDataRow<string, string>(row.File, row.Outcome))];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Message_OfRfc4475_EndsAsTheTableSays(string file, string outcome) => Drive(file).ShouldBe(outcome);

    [Fact]
    public void Table_AndCorpus_HoldTheSameMessages()
    {
        var files = Directory.GetFiles(FolderOf(), "*.dat").Select(f => Path.GetFileNameWithoutExtension(f)!);
        TortureRow.All.Select(row => row.File).ShouldBe(files, ignoreOrder: true);
        TortureRow.All.Count.ShouldBe(49);
    }

    [Fact]
    public void Document_OfTheTable_IsUpToDate()
    {
        var path = Path.Combine(RepositoryPaths.Root, Document);
        if (Environment.GetEnvironmentVariable("CALLTRACKER_WRITE_DOCS") == "1")
            File.WriteAllText(path, TortureRow.ToMarkdown());
        File.ReadAllText(path).ShouldBe(TortureRow.ToMarkdown());
    }

    // Whatever the message is, the node must be whole after it, and answer the next call.
    private static string Drive(string file)
    {
        using var node = new Harness(sessions: 1);
        var bytes = File.ReadAllBytes(Path.Combine(FolderOf(), file + ".dat"));
        var message = new SipMessage();
        var result = message.Parse(bytes, 0, bytes.Length);
        var strays = node.Engine.Counters.StrayResponses;
        node.Engine.Receive(message, new SipFlow(SipTransportKind.Udp, 0, 0, Harness.Carrier), node.Now);
        var reply = node.Wire.Sent.Count > 0 ? Encode(node.Wire.Sent[^1])
            : node.Engine.Counters.StrayResponses > strays ? "stray" : "dropped";
        node.Wire.Sent.Clear();
        node.Pass(70_000);
        node.IsWhole.ShouldBeTrue();
        node.Engine.TransactionCounters.Active.ShouldBe(0);
        return $"{result}, {reply}";
    }

    private static string Encode(SentMessage sent)
    {
        sent.IsResponse.ShouldBeTrue();
        Encoding.Latin1.GetByteCount(sent.Text).ShouldBeGreaterThan(0);
        sent.Header("Via").ShouldNotBeEmpty();
        return sent.Code.ToString();
    }

    private static string FolderOf() => Path.Combine(AppContext.BaseDirectory, "Torture");
}
