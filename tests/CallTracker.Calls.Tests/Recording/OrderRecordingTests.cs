using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Recording;

/// <summary>Pause, resumption and consent of a call that is up, as its worker takes them.</summary>
public sealed class OrderRecordingTests
{
    private readonly RecordingRing _ring = new(RecordingRing.CapacityMin);

    [Fact]
    public void RecordedCall_PausedResumedAndConsentedTo_IsSoAndStaysSoWhenAskedAgain()
    {
        using var node = Node(RecordedSides.Both);
        node.Connect();
        Ask(node, RecordingEntryKind.Pause).ShouldBe(new(RecordingReplyKind.Done, IsPaused: true));
        Ask(node, RecordingEntryKind.Pause).ShouldBe(new(RecordingReplyKind.Unchanged, IsPaused: true));
        Ask(node, RecordingEntryKind.Consent).ShouldBe(
            new(RecordingReplyKind.Done, IsPaused: true, HasConsent: true));
        node.Pass(1000);
        Ask(node, RecordingEntryKind.Resume).ShouldBe(new(RecordingReplyKind.Done, HasConsent: true));
        Ask(node, RecordingEntryKind.Consent).ShouldBe(new(RecordingReplyKind.Unchanged, HasConsent: true));
        var kinds = new List<RecordingEntryKind>();
        while (_ring.TryPeek(out var entry, out _))
        {
            if (entry.Kind is not (RecordingEntryKind.Start or RecordingEntryKind.Formats)) kinds.Add(entry.Kind);
            _ring.Take(entry);
        }
        kinds.ShouldBe([RecordingEntryKind.Pause, RecordingEntryKind.Consent, RecordingEntryKind.Resume]);
    }

    [Fact]
    public void Call_BeforeItsAnswerAndAfterItsEnd_IsRefusedWithTheReason()
    {
        using var node = Node(RecordedSides.Both);
        Ask(node, RecordingEntryKind.Pause, new string('0', 24)).Kind.ShouldBe(RecordingReplyKind.Absent);
        var invite = node.Dial();
        Ask(node, RecordingEntryKind.Pause).Kind.ShouldBe(RecordingReplyKind.NotAnswered);
        var (ok, _) = node.Answer(invite);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier).ShouldBeTrue();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier).ShouldBeTrue();
        Ask(node, RecordingEntryKind.Pause).Kind.ShouldBe(RecordingReplyKind.Absent);
    }

    [Fact]
    public void Call_OfSomebodyElse_IsNotThere()
    {
        using var node = Node(RecordedSides.Both);
        node.Connect();
        var wish = new RecordingWish(RecordingEntryKind.Pause, route => route.OperatorId == "another");
        var running = node.Engine.Running;
        running.OrderRecording(running.Find(TrnId(node)), wish, node.Now).Kind.ShouldBe(RecordingReplyKind.Absent);
        Ask(node, RecordingEntryKind.Resume).ShouldBe(new(RecordingReplyKind.Unchanged));
    }

    [Fact]
    public void Call_ThatIsNotRecordedOrCouldNotBe_SaysSo()
    {
        using var plain = Node(RecordedSides.None);
        plain.Connect();
        Ask(plain, RecordingEntryKind.Pause).Kind.ShouldBe(RecordingReplyKind.NotRecorded);
        using var failing = Node(RecordedSides.Both);
        failing.Engine.Media.Recording.Ring = null;
        failing.Connect();
        Ask(failing, RecordingEntryKind.Consent).Kind.ShouldBe(RecordingReplyKind.Failed);
    }

    [Fact]
    public void Recorder_WithoutRoom_IsBusyAndChangesNothing()
    {
        using var node = Node(RecordedSides.Both);
        node.Connect();
        var filler = new RecordingEntry { Kind = RecordingEntryKind.Stop };
        while (_ring.TryWrite(filler, default))
        {
            // To the last byte.
        }
        Ask(node, RecordingEntryKind.Pause).ShouldBe(new(RecordingReplyKind.Busy));
    }

    private Harness Node(RecordedSides sides)
    {
        var node = new Harness();
        node.Engine.Media.Recording.Ring = _ring;
        var route = Harness.MakeRoute("0120000001", ("0312345678", 20_000));
        node.Routes.Set(new Route
        {
            Number = route.Number,
            OperatorId = route.OperatorId,
            Targets = route.Targets,
            Recording = sides == RecordedSides.None ? null : new RouteRecording(sides, [7, 8, 9]),
        });
        return node;
    }

    private static RecordingReply Ask(Harness node, RecordingEntryKind mark, string? trnId = null)
    {
        var wish = new RecordingWish(mark, route => route.OperatorId == "op");
        var running = node.Engine.Running;
        var slot = running.Find(trnId is null ? TrnId(node) : Encoding.ASCII.GetBytes(trnId));
        return running.OrderRecording(slot, wish, node.Now);
    }

    private static byte[] TrnId(Harness node) => Encoding.ASCII.GetBytes(node.Journal.Entries[0].TrnId);
}
