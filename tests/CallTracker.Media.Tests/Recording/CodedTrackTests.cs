using CallTracker.Media.Codecs;
using CallTracker.Media.Recording;

namespace CallTracker.Media.Tests.Recording;

/// <summary>
/// Sides that speak G.722, Opus or linear PCM: their sound in the recording, its place and its account.
/// </summary>
public sealed class CodedTrackTests
{
    [Theory]
    [InlineData(AudioCodec.G722, 20)]
    [InlineData(AudioCodec.G722, 30)]
    [InlineData(AudioCodec.Opus, 20)]
    [InlineData(AudioCodec.Opus, 60)]
    [InlineData(AudioCodec.L16Narrow, 20)]
    [InlineData(AudioCodec.L16Wide, 20)]
    public void SteadyStream_OfACodec_IsWholeAndSoundsAsItDid(AudioCodec codec, int packetMs)
    {
        using var speaker = new CodedSpeaker(codec, 600, packetMs);
        var rig = Rig(codec);
        for (var atMs = 0; atMs < 2400; atMs += packetMs) rig.Take(0, speaker.Next(), atMs);
        rig.End(2400);
        (rig.Caller.Received, rig.Caller.Expected).ShouldBe((2400, 2400));
        TrackRig.Share(rig.CallerSound.AsSpan(800, 17_600), 600).ShouldBeGreaterThan(0.98);
    }

    [Theory]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    [InlineData(AudioCodec.L16Wide)]
    public void ToneOnBothSides_InDifferentCodecs_BeginsAtTheSameTime(AudioCodec codec)
    {
        using var speaker = new CodedSpeaker(codec, 700);
        using var other = new CodedSpeaker(AudioCodec.Pcmu, 700);
        var rig = Rig(codec);
        for (var i = 0; i < 100; i++)
        {
            // Silence until 1,000 ms.
            speaker.Hz = other.Hz = i < 50 ? 0 : 700;
            rig.Take(0, speaker.Next(), i * 20);
            rig.Take(1, other.Next(), i * 20);
        }
        rig.End(2000);
        var (left, right) = (Onset(rig.CallerSound), Onset(rig.CalleeSound));
        right.ShouldBeInRange(8000, 8040);
        // The codecs' own delay: a filter bank's, and 6.5 ms of Opus.
        (left - right).ShouldBeInRange(0, 10 * 8);
    }

    [Theory]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void PacketsOutOfOrder_OfACodecWithAMemory_SoundAsIfInOrder(AudioCodec codec)
    {
        using var speaker = new CodedSpeaker(codec, 600);
        var packets = Enumerable.Range(0, 120).Select(_ => speaker.Next()).ToArray();
        var rig = Rig(codec);
        // Each fifth is overtaken by the next three, also when a second is taken out meanwhile.
        for (var i = 0; i < packets.Length; i += 5)
        {
            int[] order = [i + 1, i + 2, i + 3, i, i + 4];
            for (var k = 0; k < order.Length; k++) rig.Take(0, packets[order[k]], (i + k) * 20);
        }
        rig.End(2400);
        (rig.Caller.Lost, rig.Caller.Late, rig.Caller.Duplicates).ShouldBe((0, 0, 0));
        rig.Caller.Received.ShouldBeInRange(2340, 2400);
        TrackRig.Share(rig.CallerSound.AsSpan(1600, 16_000), 600).ShouldBeGreaterThan(0.97);
    }

    [Theory]
    [InlineData(AudioCodec.G722, 1)]
    [InlineData(AudioCodec.Opus, 2)]
    [InlineData(AudioCodec.Opus, 3)]
    [InlineData(AudioCodec.L16Wide, 4)]
    public void LossReorderAndDuplicates_OfACodec_AreAccountedForExactly(AudioCodec codec, int seed)
    {
        var random = new Random(seed);
        using var speaker = new CodedSpeaker(codec, 600);
        var arrivals = new List<(double AtMs, byte[] Packet)>();
        var (lost, twice) = (0, 0);
        for (var i = 0; i < 500; i++)
        {
            var packet = speaker.Next();
            var isLost = i is > 0 and < 499 && random.Next(10) == 0;
            if (isLost)
            {
                lost++;
                continue;
            }
            arrivals.Add(((i * 20) + (i == 0 ? 0 : random.Next(70)), packet));
            if (random.Next(20) != 0) continue;
            arrivals.Add(((i * 20) + 75, packet));
            twice++;
        }
        var rig = Rig(codec);
        foreach (var (atMs, packet) in arrivals.OrderBy(a => a.AtMs)) rig.Take(0, packet, atMs);
        rig.End(10_200);
        rig.Caller.Duplicates.ShouldBe(twice);
        // What the second's end would not wait for is late, and lost.
        (rig.Caller.Lost - rig.Caller.Late).ShouldBeInRange((lost * 20) - 20, (lost * 20) + 20);
        rig.Caller.Late.ShouldBeLessThan(300);
        rig.Caller.Total.ShouldBe(10_200);
    }

    [Fact]
    public void Codec_ThatChangesInMidCall_GoesOnInItsPlace()
    {
        using var first = new CodedSpeaker(AudioCodec.Pcmu, 500);
        using var second = new CodedSpeaker(AudioCodec.Opus, 500, firstSequence: 50);
        using var third = new CodedSpeaker(AudioCodec.G722, 500, firstSequence: 100);
        var decoders = new RecordingDecoders();
        var formats = default(RecordedTypes);
        formats.Note(CodedSpeaker.TypeOf(AudioCodec.Opus), "opus"u8, 48_000, 2);
        var rig = new TrackRig(formats, decoders: decoders);
        for (var i = 0; i < 150; i++)
            rig.Take(0, (i < 50 ? first : i < 100 ? second : third).Next(), i * 20);
        decoders.Lent.ShouldBe(1);
        rig.End(3000);
        (rig.Caller.Received, rig.Caller.Lost, rig.Caller.Unrecordable).ShouldBe((3000, 0, 0));
        for (var part = 0; part < 3; part++)
            TrackRig.Share(rig.CallerSound.AsSpan((part * 8000) + 1600, 4800), 500).ShouldBeGreaterThan(0.97);
        rig.Track.Release();
        decoders.Lent.ShouldBe(0);
    }

    [Fact]
    public void Digits_BetweenCodedTalk_DoNotHoldItUp()
    {
        using var speaker = new CodedSpeaker(AudioCodec.G722, 600);
        var formats = default(RecordedTypes);
        formats.Note(101, "telephone-event"u8, 8000, 1);
        var rig = new TrackRig(formats);
        for (var i = 0; i < 100; i++)
        {
            var packet = speaker.Next();
            // Events take the numbers of ten packets.
            if (i is >= 40 and < 50) packet = TrackRig.Packet(i, 40 * 160, new byte[4], type: 101);
            rig.Take(0, packet, i * 20);
        }
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Lost, rig.Caller.Idle, rig.Caller.Late).ShouldBe((1800, 0, 200, 0));
    }

    [Fact]
    public void Decoders_ThatAreAllLent_CostTheSoundAndAreSaid()
    {
        using var speaker = new CodedSpeaker(AudioCodec.G722, 600);
        var rig = new TrackRig(decoders: new RecordingDecoders(countMax: 0));
        for (var i = 0; i < 100; i++) rig.Take(0, speaker.Next(), i * 20);
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Unrecordable).ShouldBe((0, 2000));
    }

    [Theory]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    [InlineData(AudioCodec.L16Narrow)]
    [InlineData(AudioCodec.L16Wide)]
    public void Bytes_OfAnyKind_NeitherThrowNorLeaveTheAccount(AudioCodec codec)
    {
        var random = new Random(5);
        var rig = Rig(codec);
        for (var i = 0; i < 3000; i++)
        {
            var payload = new byte[random.Next(8) == 0 ? random.Next(1900) : random.Next(200)];
            random.NextBytes(payload);
            var type = random.Next(10) == 0 ? (byte)0 : CodedSpeaker.TypeOf(codec);
            var sequence = random.Next(20) == 0 ? random.Next(65_536) : i + random.Next(12);
            rig.Take(0, TrackRig.Packet(sequence & 0xffff, (uint)(i * 160), payload, type), i * 2);
        }
        rig.End(6000);
        rig.Caller.Total.ShouldBe(6000);
    }

    private static TrackRig Rig(AudioCodec codec)
    {
        var formats = default(RecordedTypes);
        formats.Note(
            CodedSpeaker.TypeOf(codec), AudioCodecs.Name(codec), AudioCodecs.ClockRateHz(codec),
            AudioCodecs.Channels(codec));
        return new TrackRig(formats);
    }

    private static int Onset(short[] sound) => Array.FindIndex(sound, sample => Math.Abs((int)sample) > 1000);
}
