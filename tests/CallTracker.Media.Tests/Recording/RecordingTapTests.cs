using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Recording;

/// <summary>What the relay hands to the recorder, and that the relay itself never notices.</summary>
public sealed class RecordingTapTests : IDisposable
{
    private readonly RelayHarness _harness = new();
    private readonly MediaPeer _a = new("127.99.90.1");
    private readonly MediaPeer _b = new("127.99.90.2");
    private readonly RecordingRing _ring = new(RecordingRing.CapacityMin);

    public void Dispose()
    {
        _harness.Dispose();
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public void RecordedSides_PacketsOfBoth_ComeWithSideTimeAndBytes()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Both), "label"u8, _harness.NowMs).ShouldBeTrue();
        _harness.NowMs += 20;
        var fromA = Send(session, _a, MediaSide.A, _b, 1);
        _harness.NowMs += 20;
        var fromB = Send(session, _b, MediaSide.B, _a, 1);
        Tap.Stop(session, _harness.NowMs);

        var entries = Read();
        entries.Select(e => e.Entry.Kind).ShouldBe(
            [RecordingEntryKind.Start, RecordingEntryKind.Packet, RecordingEntryKind.Packet, RecordingEntryKind.Stop]);
        entries[0].Payload[^5..].ShouldBe("label"u8.ToArray());
        MemoryMarshal.Read<RecordingStart>(entries[0].Payload).Sides.ShouldBe(RecordedSides.Both);
        (entries[1].Entry.Side, entries[1].Entry.AtMs).ShouldBe(((byte)0, _harness.NowMs - 20));
        entries[1].Payload.ShouldBe(fromA);
        (entries[2].Entry.Side, entries[2].Entry.AtMs).ShouldBe(((byte)1, _harness.NowMs));
        entries[2].Payload.ShouldBe(fromB);
        entries.ShouldAllBe(e => e.Entry.Number == entries[0].Entry.Number);
    }

    [Theory]
    [InlineData(RecordedSides.Caller, (byte)0)]
    [InlineData(RecordedSides.Callee, (byte)1)]
    public void OneRecordedSide_TheOther_IsNotHeard(RecordedSides sides, byte heard)
    {
        var session = Open();
        Tap.TryStart(session, Start(sides), default, _harness.NowMs).ShouldBeTrue();
        Send(session, _a, MediaSide.A, _b, 1);
        Send(session, _b, MediaSide.B, _a, 1);
        var packet = Read().Single(e => e.Entry.Kind == RecordingEntryKind.Packet);
        packet.Entry.Side.ShouldBe(heard);
    }

    [Fact]
    public void Packet_OfAStranger_IsNeverRecorded()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        using var stranger = new MediaPeer("127.99.90.3");
        var dropped = _harness.Dropped(MediaDropReason.UnknownSource);
        stranger.Send(_harness.Local(session, MediaSide.A), Packets.Rtp(9));
        _harness.PumpUntil(() => _harness.Dropped(MediaDropReason.UnknownSource) > dropped);
        Read().ShouldNotContain(e => e.Entry.Kind == RecordingEntryKind.Packet);
    }

    [Fact]
    public void FullRing_DropsForTheRecorderAlone_AndSaysHowMany()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Caller), default, _harness.NowMs).ShouldBeTrue();
        var sent = 0;
        // Every packet still reaches the other side: Send waits for it.
        while (Tap.PacketsDropped < 5) Send(session, _a, MediaSide.A, _b, ++sent);
        var before = Read();
        before.Count(e => e.Entry.Kind == RecordingEntryKind.Packet).ShouldBe(sent - 5);
        Send(session, _a, MediaSide.A, _b, ++sent);
        Send(session, _a, MediaSide.A, _b, ++sent);
        Read().Select(e => (int)e.Entry.Dropped).ShouldBe([5, 0]);
    }

    [Fact]
    public void Stop_AfterPacketsWithoutRoom_TellsHowMany()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Caller), default, _harness.NowMs).ShouldBeTrue();
        var sent = 0;
        while (Tap.PacketsDropped < 3) Send(session, _a, MediaSide.A, _b, ++sent);
        Tap.Stop(session, _harness.NowMs);
        MemoryMarshal.Cast<byte, ushort>(Read()[^1].Payload).ToArray().ShouldBe([(ushort)3, (ushort)0]);
    }

    [Fact]
    public void Recording_BegunAnewOrItsSessionClosed_RunsNoLonger()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        var first = Read()[0];
        var slot = MemoryMarshal.Read<RecordingStart>(first.Payload).Slot;
        Tap.IsRunning(slot, first.Entry.Number).ShouldBeTrue();
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        var again = Read();
        again.Select(e => e.Entry.Kind).ShouldBe([RecordingEntryKind.Stop, RecordingEntryKind.Start]);
        Tap.IsRunning(slot, first.Entry.Number).ShouldBeFalse();
        _harness.Relay.Close(session, out _, out _);
        Tap.IsRunning(slot, again[1].Entry.Number).ShouldBeFalse();
        var next = Open();
        Send(next, _a, MediaSide.A, _b, 1);
        Read().ShouldBeEmpty();
    }

    [Fact]
    public void WithoutARing_OrASession_NothingBegins()
    {
        var session = Open();
        Tap.Ring = null;
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeFalse();
        Tap.Ring = _ring;
        Tap.TryStart(session + 1, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeFalse();
        Tap.TryStart(session, Start(RecordedSides.Both), new byte[257], _harness.NowMs).ShouldBeFalse();
        Send(session, _a, MediaSide.A, _b, 1);
        Read().ShouldBeEmpty();
    }

    [Fact]
    public void PausedRecording_PacketsMeanwhile_AreNotEvenCopied()
    {
        var session = Open();
        Tap.Mark(session, RecordingEntryKind.Pause, _harness.NowMs).ShouldBe(TapMark.NotRecorded);
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        Tap.Mark(session, RecordingEntryKind.Pause, _harness.NowMs).ShouldBe(TapMark.Done);
        Tap.StateOf(session).ShouldBe(new TapState(RecordedSides.Both, IsPaused: true, HasConsent: false));
        Send(session, _a, MediaSide.A, _b, 1);
        Send(session, _b, MediaSide.B, _a, 1);
        Tap.Mark(session, RecordingEntryKind.Resume, _harness.NowMs).ShouldBe(TapMark.Done);
        Send(session, _a, MediaSide.A, _b, 2);
        Send(session, _b, MediaSide.B, _a, 2);
        Read().Skip(1).Select(e => e.Entry.Kind).ShouldBe(
        [
            RecordingEntryKind.Pause, RecordingEntryKind.Resume, RecordingEntryKind.Packet, RecordingEntryKind.Packet,
        ]);
    }

    [Fact]
    public void Pause_OfARecordingOfOneSide_ComesBackToThatSideAlone()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Callee), default, _harness.NowMs).ShouldBeTrue();
        Tap.Mark(session, RecordingEntryKind.Pause, _harness.NowMs).ShouldBe(TapMark.Done);
        Tap.Mark(session, RecordingEntryKind.Resume, _harness.NowMs).ShouldBe(TapMark.Done);
        Send(session, _a, MediaSide.A, _b, 1);
        Send(session, _b, MediaSide.B, _a, 1);
        Read().Single(e => e.Entry.Kind == RecordingEntryKind.Packet).Entry.Side.ShouldBe((byte)1);
    }

    [Fact]
    public void Marks_GivenTwice_StandOnceInTheRing()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        RecordingEntryKind[] marks =
        [
            RecordingEntryKind.Resume, RecordingEntryKind.Consent, RecordingEntryKind.Consent, RecordingEntryKind.Pause,
            RecordingEntryKind.Pause,
        ];
        marks.Select(mark => Tap.Mark(session, mark, _harness.NowMs)).ShouldBe(
            [TapMark.Unchanged, TapMark.Done, TapMark.Unchanged, TapMark.Done, TapMark.Unchanged]);
        Read().Skip(1).Select(e => e.Entry.Kind).ShouldBe([RecordingEntryKind.Consent, RecordingEntryKind.Pause]);
        // The next recording of the slot knows nothing of it.
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        Tap.StateOf(session).ShouldBe(new TapState(RecordedSides.Both, false, false));
    }

    [Fact]
    public void Mark_WithoutRoom_ChangesNothing()
    {
        var session = Open();
        Tap.TryStart(session, Start(RecordedSides.Both), default, _harness.NowMs).ShouldBeTrue();
        var filler = new RecordingEntry { Kind = RecordingEntryKind.Consent };
        while (_ring.TryWrite(filler, new byte[64]))
        {
            // Until not even a mark finds room.
        }
        while (_ring.TryWrite(filler, default))
        {
            // To the last byte.
        }
        Tap.Mark(session, RecordingEntryKind.Pause, _harness.NowMs).ShouldBe(TapMark.NoRoom);
        Tap.StateOf(session).IsPaused.ShouldBeFalse();
    }

    private RecordingTap Tap => _harness.Relay.Recording;

    private int Open()
    {
        Tap.Ring = _ring;
        return _harness.OpenBetween(_a, _b);
    }

    private static RecordingStart Start(RecordedSides sides) => new() { Sides = sides, UnixMs = 1_795_000_000_000 };

    private byte[] Send(int session, MediaPeer from, MediaSide side, MediaPeer to, int sequence)
    {
        var packet = Packets.Rtp(sequence);
        from.Send(_harness.Local(session, side), packet);
        _harness.PumpTo(to, out _).ShouldBe(packet);
        return packet;
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
