using CallTracker.Media.Dtmf;
using CallTracker.Media.Relay;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>
/// Every way of pressing keys told in every other, through a relay: over PCMU and PCMA, with telephone-event at 8, 16
/// and 48 kHz. Each digit arrives once, in one way, in a stream without a hole.
/// </summary>
public sealed class DigitRelayTests
{
    private const string Keys = "0123456789*#ABCD5577";
    private static readonly (DtmfWay Way, int ClockHz)[] Ways =
    [
        (DtmfWay.Rfc4733, 8000), (DtmfWay.Rfc4733, 16_000), (DtmfWay.Rfc4733, 48_000), (DtmfWay.Info, 0),
        (DtmfWay.InBand, 0),
    ];

    public static TheoryData<DtmfWay, int, DtmfWay, int, byte> Matrix
    {
        get
        {
            var rows = new TheoryData<DtmfWay, int, DtmfWay, int, byte>();
            foreach (var from in Ways)
            {
                foreach (var to in Ways)
                {
                    if (from.Way == to.Way && from.Way != DtmfWay.Rfc4733) continue;
                    rows.Add(from.Way, from.ClockHz, to.Way, to.ClockHz, DtmfTone.PcmuType);
                    rows.Add(from.Way, from.ClockHz, to.Way, to.ClockHz, DtmfTone.PcmaType);
                }
            }
            return rows;
        }
    }

    [Theory, MemberData(nameof(Matrix))]
    public void Digits_InOneWay_ArriveOnceInTheOther(DtmfWay from, int fromHz, DtmfWay to, int toHz, byte audioType)
    {
        using var call = new DigitCall(from, fromHz, audioType, to, toHz);
        // What is told by signalling comes at once, and is told one digit after another.
        call.Press(Keys, onMs: 100, offMs: from == DtmfWay.Info ? 20 : 100);
        call.Speak(Keys.Length * 200);
        call.ShouldBeWhole();
        var counters = call.Node.Relay.Dtmf.Counters;
        (counters.Heard(from), counters.Told(to), counters.Lost).ShouldBe((Keys.Length, Keys.Length, 0));
        call.Told.ShouldBe(from == DtmfWay.Info ? "" : Keys);
        SpanDsp.Hear(call.AudioAtB()).ShouldBe(to == DtmfWay.InBand ? Keys : "");
        call.EventsAtB(to == DtmfWay.Rfc4733 ? toHz : 1, out var durationsMs)
            .ShouldBe(to == DtmfWay.Rfc4733 ? Keys : "");
        durationsMs.ShouldAllBe(ms => ms >= 80 && ms <= 120);
        call.Received.ShouldAllBe(p => (p[1] & 0x7f) != DigitCall.EventTypeA);
    }

    [Theory]
    [InlineData(DtmfWay.Info, DtmfWay.Rfc4733)]
    [InlineData(DtmfWay.Info, DtmfWay.InBand)]
    public void Digits_WhileTheSideIsSilent_AreToldAllTheSame(DtmfWay from, DtmfWay to)
    {
        using var call = new DigitCall(from, 0, 0, to, 8000);
        call.Rest(1000);
        call.Press("42", offMs: 0);
        call.Rest(1000);
        call.ShouldBeWhole();
        if (to == DtmfWay.Rfc4733) call.EventsAtB(8000, out _).ShouldBe("42");
        else SpanDsp.Hear(call.AudioAtB()).ShouldBe("42");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void Events_OfAnyLength_AreTold50MsAtLeast(int onMs)
    {
        using var call = new DigitCall(DtmfWay.Info, 0, 0, DtmfWay.Rfc4733, 8000);
        call.Press("7", onMs);
        call.Speak(400);
        call.EventsAtB(8000, out var durationsMs).ShouldBe("7");
        durationsMs.ShouldBe([Math.Max(50, onMs)]);
    }

    [Fact]
    public void Key_HeldLong_IsToldInSegments()
    {
        using var call = new DigitCall(DtmfWay.InBand, 0, 0, DtmfWay.Rfc4733, 16_000);
        call.Press("3", onMs: 9000);
        call.Speak(400);
        call.Told.ShouldBe("3");
        call.EventsAtB(16_000, out _).ShouldBe("3", "the segments before the last have no end bit");
        var heard = new HeardKeys();
        var receiver = default(TelephoneEventReceiver);
        foreach (var packet in call.Received.Where(p => (p[1] & 0x7f) == DigitCall.EventTypeB))
        {
            TelephoneEvent.TryParse(packet.AsSpan(12), out var value).ShouldBeTrue();
            var timestamp = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));
            receiver.Take(value, timestamp, 16_000, (packet[1] & 0x80) != 0, 0, ref heard);
        }
        heard.Ended.ShouldBe("3");
        heard.DurationsMs[0].ShouldBeInRange(8900, 9100);
    }

    // 40 ms are 320 samples; what leaks is the beginning of the tone, before it is known to be one.
    [Theory]
    [InlineData(DtmfWay.Info)]
    [InlineData(DtmfWay.Rfc4733)]
    public void Tone_ThatIsRemoved_Leaks40MsAtMost(DtmfWay to)
    {
        for (var shift = 0; shift < 160; shift += 7)
        {
            using var call = new DigitCall(DtmfWay.InBand, 0, 0, to, 8000);
            var tone = new Sound().Silence(shift / 8.0).Key('8', 200).Silence(20 - (shift / 8.0)).Samples;
            var silence = new short[160];
            for (var i = 0; i < 10; i++) call.SendAudio(silence);
            for (var at = 0; at + 160 <= tone.Length; at += 160) call.SendAudio(tone[at..(at + 160)]);
            for (var i = 0; i < 10; i++) call.SendAudio(silence);
            call.Told.ShouldBe("8");
            // The call began with speech, which is far quieter.
            call.AudioAtB().Count(s => Math.Abs((int)s) > 2500).ShouldBeLessThanOrEqualTo(320);
            var loud = call.AudioAtB();
            var (first, last) = (Array.FindIndex(loud, IsLoud), Array.FindLastIndex(loud, IsLoud));
            (last - first).ShouldBeLessThanOrEqualTo(320, $"shifted by {shift} samples");
        }

        static bool IsLoud(short sample) => Math.Abs((int)sample) > 2500;
    }

    [Fact]
    public void Digits_BeyondTheQueue_AreLostAndCounted()
    {
        using var call = new DigitCall(DtmfWay.Info, 0, 0, DtmfWay.Rfc4733, 8000);
        for (var i = 0; i < DigitQueue.CountMax + 5; i++)
            call.Node.Relay.Dtmf.Enter(call.Session, MediaSide.A, 1, 50, call.Node.NowMs);
        call.Node.Relay.Dtmf.Counters.Lost.ShouldBe(5);
        call.Speak(8000);
        call.EventsAtB(8000, out _).Length.ShouldBe(DigitQueue.CountMax);
    }

    [Fact]
    public void Digits_ListenedToAndRemoved_AreToldToNobodyElse()
    {
        using var call = new DigitCall(DtmfWay.Rfc4733, 8000, 0, DtmfWay.Pass, 0);
        call.Press("123");
        call.Speak(100);
        call.Told.ShouldBe("123");
        call.ShouldBeWhole();
        call.Received.ShouldAllBe(p => (p[1] & 0x7f) == 0);
    }

    [Fact]
    public void Digits_ListenedToAlone_PassUntouched()
    {
        using var call = new DigitCall(DtmfWay.Rfc4733, 8000, 0, DtmfWay.Pass, 0, isPlanned: false);
        var events = default(TelephoneEventSet).With(DigitCall.EventTypeA, 8000);
        var from = new DtmfFormat(DtmfWay.Rfc4733, events, DigitCall.EventTypeA, 8000, 0, 8000);
        call.SetPlan(new DtmfPlan(from, default, IsRemoved: false));
        call.Press("9");
        call.Told.ShouldBe("9");
        call.ShouldBeWhole();
        call.Received.Count(p => (p[1] & 0x7f) == DigitCall.EventTypeA).ShouldBe(7);
    }

    [Fact]
    public void Plans_TakenBackAndSessionsClosed_LendNothing()
    {
        using var call = new DigitCall(DtmfWay.Info, 0, 0, DtmfWay.Rfc4733, 8000);
        call.Node.Relay.Dtmf.ListeningSides.ShouldBe(1);
        call.Node.Relay.Dtmf.Clear(call.Session);
        (call.Node.Relay.Dtmf.ListeningSides, call.Node.Relay.NextDelayMs(call.Node.NowMs)).ShouldBe((0, -1));
        call.SetPlan(new DtmfPlan(default, default, IsRemoved: true));
        call.Node.Relay.Close(call.Session, out _, out _);
        call.Node.Relay.Dtmf.ListeningSides.ShouldBe(0);
        call.Node.Relay.Dtmf.Enter(call.Session, MediaSide.A, 1, 100, 0);
        call.Node.Relay.Dtmf.PlanOf(call.Session, MediaSide.A).ShouldBe(default);
    }

    [Fact]
    public void Plan_TakenBackAfterADigit_LeavesTheNumbersWhole()
    {
        using var call = new DigitCall(DtmfWay.Info, 0, 0, DtmfWay.Rfc4733, 8000);
        call.Press("1");
        call.Speak(400);
        call.Node.Relay.Dtmf.Clear(call.Session);
        call.Press("2");
        call.Speak(400);
        call.ShouldBeWhole();
        call.EventsAtB(8000, out _).ShouldBe("1");
    }

    [Fact]
    public void Session_ClosedByWhoIsTold_IsHarmless()
    {
        using var call = new DigitCall(DtmfWay.Rfc4733, 8000, 0, DtmfWay.Info, 0);
        call.Node.CloseOnEvent();
        call.Press("12");
        call.Told.ShouldBe("1");
        (call.Node.Relay.OpenSessions, call.Node.Relay.Dtmf.ListeningSides).ShouldBe((0, 0));
    }

    // Whatever a source sends under the event's payload type: nothing throws and the stream stays whole.
    [Fact]
    public void Packets_AtRandom_NeverThrow()
    {
        using var node = new Support.RelayHarness();
        using var a = new Support.MediaPeer("127.96.1.1");
        using var b = new Support.MediaPeer("127.96.1.2");
        var session = node.OpenBetween(a, b);
        var events = default(TelephoneEventSet).With(96, 8000).With(97, 48_000);
        var pressed = new DtmfFormat(DtmfWay.Rfc4733, events, 96, 8000, 0, 8000);
        var random = new Random(8);
        DtmfFormat[] others =
        [
            new(DtmfWay.Rfc4733, events, 98, 16_000, 0, 8000), new(DtmfWay.InBand, default, 0, 0, 8, 8000),
            new(DtmfWay.Info, default, 0, 0, 0, 8000), pressed with { Way = DtmfWay.InBand }, default,
        ];
        for (var i = 0; i < 40_000; i++)
        {
            if (i % 1000 == 0)
            {
                var heard = random.Next(2) == 0 ? pressed : others[random.Next(4)];
                node.Relay.Dtmf.SetPlan(session, MediaSide.A, new DtmfPlan(heard, others[random.Next(5)], true));
            }
            var packet = new byte[12 + random.Next(200)];
            random.NextBytes(packet);
            packet[0] = (byte)((packet[0] & 0x3f) | 0x80);
            packet[1] = (byte)((packet[1] & 0x80) | (random.Next(3) switch { 0 => 96, 1 => 97, _ => random.Next(9) }));
            if (random.Next(4) > 0) packet.AsSpan(4, 8).Fill(7);
            a.Send(node.Local(session, MediaSide.A), packet);
            node.Step(random.Next(30));
            node.Pump();
        }
        node.Relay.Dtmf.ListeningSides.ShouldBe(1);
    }
}
