using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>
/// A call through a relay whose side A presses keys in one way while side B is told in another. A speaks all the while,
/// 20 ms a packet; what B gets is kept and read by code of the test's own and by spandsp.
/// </summary>
internal sealed class DigitCall : IDisposable
{
    public const byte EventTypeA = 96;
    public const byte EventTypeB = 110;
    private const uint Ssrc = 0x0ddb_a115;
    private readonly RelayHarness _node = new();
    private readonly MediaPeer _a = new("127.96.0.1");
    private readonly MediaPeer _b = new("127.96.0.2");
    private readonly DtmfFormat _from;
    private readonly DtmfFormat _to;
    private readonly int _session;
    private ushort _sequence = 65_500;
    private uint _timestamp = uint.MaxValue - 20_000;

    public DigitCall(
        DtmfWay from, int fromClockHz, byte audioType, DtmfWay to, int toClockHz, bool isPlanned = true)
    {
        _session = _node.OpenBetween(_a, _b);
        _from = Format(from, EventTypeA, fromClockHz, audioType);
        _to = Format(to, EventTypeB, toClockHz, audioType);
        if (isPlanned) SetPlan(new DtmfPlan(_from, _to, IsRemoved: true));
        Speak(200);
    }

    public RelayHarness Node => _node;

    public int Session => _session;

    public List<byte[]> Received { get; } = [];

    /// <summary>Digits that the relay told its owner.</summary>
    public string Told => string.Concat(
        _node.Told.Where(t => t.StartsWith("digit", StringComparison.Ordinal)).Select(t => t.Split(' ')[3]));

    public void SetPlan(DtmfPlan plan) => _node.Relay.Dtmf.SetPlan(_session, MediaSide.A, plan);

    /// <summary>A presses keys, one after another, each for so long and with so long a pause.</summary>
    public void Press(string keys, int onMs = 100, int offMs = 100)
    {
        foreach (var key in keys)
        {
            DtmfKey.TryFromText((byte)key, out var code);
            if (_from.Way == DtmfWay.InBand) PlayTone(key, onMs);
            else if (_from.Way == DtmfWay.Rfc4733) SendEvent(code, onMs);
            else _node.Relay.Dtmf.Enter(_session, MediaSide.A, code, onMs, _node.NowMs);
            Speak(offMs);
        }
    }

    /// <summary>A speaks: a quiet tone of 300 Hz.</summary>
    public void Speak(int ms)
    {
        for (var done = 0; done < ms; done += 20) SendAudio(new Sound().Tones(20, (300, -30)).Samples);
    }

    /// <summary>Time passes in which A sends nothing.</summary>
    public void Rest(int ms)
    {
        for (var done = 0; done < ms; done += 20) Turn();
    }

    /// <summary>The keys in the events that B got: one for each timestamp that has an end.</summary>
    public string EventsAtB(int clockHz, out List<int> durationsMs)
    {
        var (keys, known) = ("", new HashSet<uint>());
        durationsMs = [];
        foreach (var packet in Received.Where(p => (p[1] & 0x7f) == EventTypeB))
        {
            var timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));
            packet.Length.ShouldBe(16);
            if ((packet[13] & 0x80) == 0 || !known.Add(timestamp)) continue;
            keys += "0123456789*#ABCD"[packet[12]];
            durationsMs.Add(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(14)) * 1000 / clockHz);
        }
        return keys;
    }

    /// <summary>The audio that B got, in its time.</summary>
    public short[] AudioAtB()
    {
        var packets = Received.Where(p => (p[1] & 0x7f) is 0 or 8).ToList();
        var first = BinaryPrimitives.ReadUInt32BigEndian(packets[0].AsSpan(4));
        var last = BinaryPrimitives.ReadUInt32BigEndian(packets[^1].AsSpan(4));
        var samples = new short[(int)(last - first) + 8000];
        foreach (var packet in packets)
        {
            var at = (int)(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4)) - first);
            var target = samples.AsSpan(at, packet.Length - 12);
            if ((packet[1] & 0x7f) == 8) G711.DecodeALaw(packet.AsSpan(12), target);
            else G711.DecodeMuLaw(packet.AsSpan(12), target);
        }
        return samples;
    }

    /// <summary>What B got is one whole stream: one source, no number missing or twice.</summary>
    public void ShouldBeWhole()
    {
        for (var i = 1; i < Received.Count; i++)
        {
            var step = (ushort)(SequenceOf(Received[i]) - SequenceOf(Received[i - 1]));
            step.ShouldBe((ushort)1, $"packet {i} of {Received.Count}");
        }
        foreach (var packet in Received) BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8)).ShouldBe(Ssrc);
    }

    public void Dispose()
    {
        _node.Dispose();
        _a.Dispose();
        _b.Dispose();
    }

    public void SendAudio(short[] samples)
    {
        var packet = Begin(_from.AudioType, samples.Length, _timestamp);
        for (var i = 0; i < samples.Length; i++)
            packet[12 + i] = _from.AudioType == 8 ? G711.ToALaw(samples[i]) : G711.ToMuLaw(samples[i]);
        Send(packet, (uint)samples.Length);
    }

    private static int SequenceOf(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static DtmfFormat Format(DtmfWay way, byte type, int clockHz, byte audioType) =>
        way == DtmfWay.Rfc4733
            ? new DtmfFormat(way, default(TelephoneEventSet).With(type, clockHz), type, clockHz, audioType, 8000)
            : new DtmfFormat(way, default, 0, 0, audioType, 8000);

    private void PlayTone(char key, int onMs)
    {
        var tone = new Sound().Key(key, onMs).Samples;
        for (var at = 0; at < tone.Length; at += 160) SendAudio(tone[at..(at + 160)]);
    }

    // In place of audio, as phones do: updates with a growing duration, then the end three times.
    private void SendEvent(byte code, int onMs)
    {
        var clockHz = _from.EventClockHz;
        var begun = clockHz == 8000 ? _timestamp : unchecked(_timestamp * (uint)(clockHz / 8000));
        for (var ms = 20; ms < onMs + 60; ms += 20)
        {
            var packet = Begin(EventTypeA, 4, begun);
            if (ms == 20) packet[1] |= 0x80;
            var duration = (ushort)(Math.Min(ms, onMs) * clockHz / 1000);
            new TelephoneEvent(code, ms >= onMs, 10, duration).Write(packet.AsSpan(12));
            Send(packet, 160);
        }
    }

    private byte[] Begin(byte type, int length, uint timestamp)
    {
        var packet = new byte[12 + length];
        (packet[0], packet[1]) = (0x80, type);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
        return packet;
    }

    private void Send(byte[] packet, uint samples)
    {
        if (_node.Relay.OpenSessions == 0) return;
        _a.Send(_node.Local(_session, MediaSide.A), packet);
        _timestamp = unchecked(_timestamp + samples);
        Turn();
    }

    private void Turn()
    {
        _node.Step(20);
        _node.Pump();
        while (_b.TryReceive(out var datagram, out _)) Received.Add(datagram);
    }
}
