using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Tests.Transfers;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Recording;

/// <summary>When a call's recording begins and ends, and what the writer and the record are told of it.</summary>
public sealed class RecordCallTests
{
    private readonly RecordingRing _ring = new(RecordingRing.CapacityMin);

    [Fact]
    public void AnsweredCall_OfARecordedNumber_IsRecordedFromAnswerToEnd()
    {
        using var node = Node(RecordedSides.Both);
        var invite = node.Dial();
        node.Pass(300);
        Read().ShouldBeEmpty("nothing is recorded before the answer");
        var answered = node.Now;
        var (ok, _) = node.Answer(invite);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier).ShouldBeTrue();

        var start = Read()[0];
        start.Entry.Kind.ShouldBe(RecordingEntryKind.Start);
        start.Entry.AtMs.ShouldBe(answered.NowMs);
        var told = MemoryMarshal.Read<RecordingStart>(start.Payload);
        (told.Sides, told.UnixMs).ShouldBe((RecordedSides.Both, answered.UnixMs));
        told.FormatsA.CodecOf(0).ShouldBe(RecordedCodec.MuLaw);
        var label = start.Payload.AsSpan(Unsafe.SizeOf<RecordingStart>());
        Encoding.ASCII.GetString(RecordingLabel.TrnId(label)).ShouldBe(node.Journal.Entries[0].TrnId);
        RecordingLabel.DinUnixMs(label).ShouldBe(node.Journal.Entries[0].DinMs);
        RecordingLabel.Owner(label).ToArray().ShouldBe([7, 8, 9]);

        node.Pass(5000);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier).ShouldBeTrue();
        var stop = Read()[^1].Entry;
        (stop.Kind, stop.AtMs, stop.Number).ShouldBe((RecordingEntryKind.Stop, node.Now.NowMs, start.Entry.Number));
        node.Journal.Entries.Select(e => e.Recording)
            .ShouldBe([CallRecording.Off, CallRecording.Both, CallRecording.Both]);
        node.Engine.Media.Recording.IsRunning(told.Slot, start.Entry.Number).ShouldBeFalse();
    }

    [Fact]
    public void Call_OfANumberThatIsNotRecorded_LeavesNothing()
    {
        using var node = Node(RecordedSides.None);
        Hang(node);
        Read().ShouldBeEmpty();
        node.Journal.Entries.ShouldAllBe(e => e.Recording == CallRecording.Off);
    }

    [Fact]
    public void UnansweredCall_OfARecordedNumber_IsNotRecorded()
    {
        using var node = Node(RecordedSides.Both);
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 486), Harness.Shop).ShouldBeTrue();
        Read().ShouldBeEmpty();
        node.Journal.Ends.ShouldHaveSingleItem().Recording.ShouldBe(CallRecording.Off);
    }

    [Fact]
    public void Recorder_WithoutRoom_CostsTheRecordingAndNotTheCall()
    {
        using var node = Node(RecordedSides.Caller);
        var filler = new RecordingEntry { Kind = RecordingEntryKind.Stop };
        while (_ring.TryWrite(filler, new byte[64]))
        {
            // Until not even a beginning finds room.
        }
        Hang(node);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Recording, end.Outcome).ShouldBe((CallRecording.Failed, CallOutcome.Answered));
    }

    [Fact]
    public void Node_WithoutARecorder_SaysThatTheRecordingFailed()
    {
        using var node = Node(RecordedSides.Callee);
        node.Engine.Media.Recording.Ring = null;
        Hang(node);
        node.Journal.Ends.ShouldHaveSingleItem().Recording.ShouldBe(CallRecording.Failed);
    }

    [Fact]
    public void Transfer_OfARecordedCall_StaysInOneRecording()
    {
        using var node = Node(RecordedSides.Both).UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(45_000)), TransferScript.Other).ShouldBeTrue();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier).ShouldBeTrue();
        var kinds = Read().Select(e => e.Entry.Kind).ToArray();
        kinds.Count(k => k == RecordingEntryKind.Start).ShouldBe(1);
        kinds[^1].ShouldBe(RecordingEntryKind.Stop);
        kinds.ShouldContain(RecordingEntryKind.Formats, "the target describes its media itself");
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

    private static void Hang(Harness node)
    {
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier).ShouldBeTrue();
    }

    private List<(RecordingEntry Entry, byte[] Payload)> Read()
    {
        var entries = new List<(RecordingEntry, byte[])>();
        while (_ring.TryPeek(out var entry, out var payload))
        {
            entries.Add((entry, payload.ToArray()));
            _ring.Take(entry);
        }
        return entries;
    }
}
