using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Tracing;

/// <summary>What the engine notes of whole calls.</summary>
public sealed class CallTraceTests
{
    [Fact]
    public void Call_Answered_IsNotedWithEveryMessageOfBothLegs()
    {
        var ring = new TraceRing(TraceRing.CapacityMin);
        using var node = new Harness(trace: ring);
        var (invite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        node.Deliver(Peer.Answer(node.TakeSent(Harness.Shop).Single(m => m.Method == "BYE"), 200), Harness.Shop);

        var entries = Read(ring);
        var messages = entries.Where(e => e.Entry.Kind == TraceEntryKind.Message).ToArray();
        messages.Select(e => Name(e)).ShouldBe(
        [
            "<INVITE", ">100", ">INVITE", "<200", ">ACK", ">200", "<ACK", "<BYE", ">200", ">BYE", "<200",
        ]);
        messages[0].Entry.Remote.ShouldBe(Harness.Carrier);
        messages[2].Entry.Remote.ShouldBe(Harness.Shop);
        messages.ShouldAllBe(e => e.Entry.Local == Harness.Node && e.Entry.UnixUs > 1_700_000_000_000_000);
        messages[2].Text.ShouldBe(invite.Text);

        var trnId = node.Journal.Ends.ShouldHaveSingleItem().TrnId;
        var dialogs = entries.Where(e => e.Entry.Kind == TraceEntryKind.Dialog).ToArray();
        dialogs.Select(e => (e.Entry.Attempt, e.Text)).ShouldBe([((byte)0, trnId), ((byte)1, trnId)]);
        int[] inbound = [0, 1, 5, 6, 7, 8];
        for (var i = 0; i < messages.Length; i++)
            messages[i].Entry.Dialog.ShouldBe(dialogs[inbound.Contains(i) ? 0 : 1].Entry.Dialog, $"message {i}");

        // Whose the call is stands in the ring before the INVITE to the shop.
        var startAt = entries.FindIndex(e => e.Entry.Kind == TraceEntryKind.Start);
        entries.FindIndex(e => e.Text == invite.Text).ShouldBeGreaterThan(startAt);
        var start = entries[startAt].Bytes;
        (Encoding.ASCII.GetString(start, 0, 24), Field(start, TraceEnd.CalledAt), Field(start, TraceEnd.OperatorAt))
            .ShouldBe((trnId, "0120000001", "op"));
        var end = entries.Single(e => e.Entry.Kind == TraceEntryKind.End).Bytes;
        Encoding.ASCII.GetString(end, 0, 24).ShouldBe(trnId);
        ((CallOutcome)end[TraceEnd.OutcomeAt]).ShouldBe(CallOutcome.Answered);
        Field(end, TraceEnd.CalledAt).ShouldBe("0120000001");
        Field(end, TraceEnd.CallerAt).ShouldBe("0311112222");
        Field(end, TraceEnd.OperatorAt).ShouldBe("op");
    }

    [Fact]
    public void Call_ThatTriesTwoTargets_HasADialogOfEachAttempt()
    {
        var ring = new TraceRing(TraceRing.CapacityMin);
        using var node = new Harness(trace: ring);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 5000), ("0612345678", 5000)));
        node.Deliver(Peer.Answer(node.Dial(), 486), Harness.Shop);
        var second = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        node.Deliver(Peer.Answer(second, 486), Harness.Shop);
        var dialogs = Read(ring).Where(e => e.Entry.Kind == TraceEntryKind.Dialog).ToArray();
        dialogs.Select(e => (int)e.Entry.Attempt).ShouldBe([0, 1, 2]);
        dialogs.Select(e => e.Entry.Dialog).Distinct().Count().ShouldBe(3);
        dialogs.Select(e => e.Text).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Message_OfNoCall_IsNotedByItsCallId()
    {
        var ring = new TraceRing(TraceRing.CapacityMin);
        using var node = new Harness(trace: ring);
        node.Deliver(Peer.Invite(maxForwards: 0), Harness.Carrier);
        var entries = Read(ring);
        entries.Select(e => Name(e)).ShouldBe(["<INVITE", ">483"]);
        entries[0].Entry.Dialog.ShouldBe(entries[1].Entry.Dialog);
        entries[0].Entry.Dialog.ShouldNotBe(0UL);
    }

    [Fact]
    public void Message_Malformed_IsNotedToo()
    {
        var ring = new TraceRing(TraceRing.CapacityMin);
        using var node = new Harness(trace: ring);
        var bytes = Encoding.ASCII.GetBytes("INVITE broken\r\n\r\n");
        var message = new Sip.Parsing.SipMessage();
        message.Parse(bytes, 0, bytes.Length);
        node.Engine.Receive(message, default, node.Now);
        Read(ring)[0].Text.ShouldBe("INVITE broken\r\n\r\n");
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void CorrelationHeader_ShownOrNot_FollowsSettingAndTrust(bool isSet, bool isTrusted, bool isShown)
    {
        var settings = Harness.DefaultSettings with { ShowsCorrelationId = isSet };
        using var node = new Harness(settings: settings);
        var shop = new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [default],
            InboundFrom = [],
            Trusted = isTrusted,
        };
        var carrier = Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128));
        node.Routes.Trunks = new TrunkTable([carrier, shop]);
        var invite = node.Dial();
        node.Engine.EndAll(node.Now);
        var trnId = node.Journal.Ends.Single().TrnId;
        invite.Header("X-CallTracker-Id").ShouldBe(isShown ? trnId : "");
    }

    private static string Field(byte[] end, int at) => Encoding.ASCII.GetString(end, at + 1, end[at]);

    private static string Name((TraceEntry Entry, byte[] Bytes, string Text) item)
    {
        var way = item.Entry.Direction == TraceDirection.Sent ? ">" : "<";
        var words = item.Text.Split(' ');
        return way + (words[0].StartsWith("SIP/", StringComparison.Ordinal) ? words[1] : words[0]);
    }

    private static List<(TraceEntry Entry, byte[] Bytes, string Text)> Read(TraceRing ring)
    {
        var entries = new List<(TraceEntry, byte[], string)>();
        for (var at = 0L; at < ring.Published;)
        {
            ring.TryReadHeader(ref at, out var entry).ShouldBeTrue();
            var bytes = new byte[entry.Length];
            ring.TryReadPayload(at, entry, bytes).ShouldBeTrue();
            entries.Add((entry, bytes, Encoding.Latin1.GetString(bytes)));
            at = TraceRing.Next(at, entry);
        }
        return entries;
    }
}
