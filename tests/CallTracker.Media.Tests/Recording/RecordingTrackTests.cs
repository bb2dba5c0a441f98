using CallTracker.Media.Recording;

namespace CallTracker.Media.Tests.Recording;

/// <summary>Where sound lies, what is accounted for, and that both sides stay together.</summary>
public sealed class RecordingTrackTests
{
    private const byte Silence = 0xff;

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(100)]
    public void SteadyStream_OfAnyPacketTime_IsWholeAndInItsPlace(int packetMs)
    {
        var rig = new TrackRig();
        var samples = packetMs * 8;
        var tone = TrackRig.Tone(440, 0, 8 * 6000);
        for (var i = 0; i < 6000 / packetMs; i++)
        {
            var payload = tone.AsSpan(i * samples, samples);
            rig.Take(0, TrackRig.Packet(i + 65_530, (uint)(i * samples) - 999, payload), i * packetMs);
        }
        rig.End(6000);
        rig.Caller.Received.ShouldBe(6000);
        rig.Caller.Expected.ShouldBe(6000);
        rig.CallerCodes.ShouldBe(tone);
        rig.Callee.Idle.ShouldBe(6000);
        rig.Track.Corrections.ShouldBe(0);
    }

    [Fact]
    public void BothSides_WithDifferentTonesAndStarts_LieOnOneClock()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 250; i++)
        {
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(400, i * 160, 160)), i * 20);
            if (i >= 50) rig.Take(1, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(1000, i * 160, 160)), i * 20);
        }
        rig.End(5000);
        TrackRig.Share(rig.CallerSound, 400).ShouldBeGreaterThan(0.99);
        TrackRig.Share(rig.CalleeSound.AsSpan(8000), 1000).ShouldBeGreaterThan(0.99);
        rig.CalleeSound.AsSpan(0, 8000).IndexOfAnyExcept((short)0).ShouldBe(-1);
        rig.Callee.Idle.ShouldBe(1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void LossReorderAndDuplicates_OfASeededNetwork_AreAccountedForExactly(int seed)
    {
        var rig = new TrackRig();
        var random = new Random(seed);
        var arrivals = new List<(double AtMs, int Number)>();
        var lost = new HashSet<int>();
        var duplicates = 0;
        for (var i = 0; i < 1500; i++)
        {
            // The first makes the clock, and what comes after the last cannot be missed.
            if (i is > 0 and < 1499 && random.Next(100) < 7)
            {
                lost.Add(i);
                continue;
            }
            arrivals.Add(((i * 20) + (i == 0 ? 0 : random.NextDouble() * 70), i));
            if (random.Next(100) >= 3) continue;
            duplicates++;
            arrivals.Add(((i * 20) + 80 + random.Next(20), i));
        }
        var tone = TrackRig.Tone(700, 0, 1500 * 160);
        foreach (var (atMs, number) in arrivals.OrderBy(a => a.AtMs).ThenBy(a => a.Number))
            rig.Take(0, TrackRig.Packet(number, (uint)(number * 160), tone.AsSpan(number * 160, 160)), atMs);
        rig.End(30_000);

        rig.Caller.Total.ShouldBe(30_000);
        rig.Caller.Lost.ShouldBe(lost.Count * 20, $"seed {seed}");
        rig.Caller.Received.ShouldBe((1500 - lost.Count) * 20);
        rig.Caller.Duplicates.ShouldBe(duplicates);
        (rig.Caller.Late, rig.Caller.Idle).ShouldBe((0, 0));
        for (var i = 0; i < 1500; i++)
        {
            var place = rig.CallerCodes.Skip(i * 160).Take(160);
            if (lost.Contains(i)) place.ShouldAllBe(code => code == Silence);
            else place.ShouldBe(tone.AsSpan(i * 160, 160).ToArray());
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void SendersCrystal_ThatDrifts_StaysWithinTwentyMilliseconds(int partsPerMillion)
    {
        var rig = new TrackRig();
        // Ten minutes: without correction the sound would lie 180 ms beside its time at the end.
        var packets = 30_000;
        for (var i = 0; i < packets; i++)
        {
            var atMs = i * 20 * (1 + (partsPerMillion / 1e6));
            var payload = new byte[160];
            Array.Fill(payload, (byte)(i % 100));
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), payload), atMs);
        }
        var endMs = (long)(packets * 20 * (1 + (partsPerMillion / 1e6)));
        rig.End(endMs);
        rig.Caller.Total.ShouldBe((int)endMs);
        for (var i = 0; i < packets; i += 101)
        {
            var atMs = (int)(i * 20 * (1 + (partsPerMillion / 1e6)));
            var nearby = rig.CallerCodes.Skip(Math.Max(0, (atMs - 20) * 8)).Take(60 * 8);
            nearby.ShouldContain((byte)(i % 100), $"packet {i}");
        }
        rig.Track.Corrections.ShouldBeInRange(10, 40);
    }

    [Fact]
    public void TimestampsThatJump_WithTheSameSource_AreNotBelieved()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 200; i++)
        {
            var timestamp = (uint)(i * 160) + (i >= 100 ? 9_000_000u : 0);
            rig.Take(0, TrackRig.Packet(i, timestamp, TrackRig.Tone(500, i * 160, 160)), i * 20);
        }
        rig.End(4000);
        rig.Caller.Received.ShouldBe(4000);
        rig.Track.Corrections.ShouldBe(1);
    }

    [Fact]
    public void SourceThatChanges_OrBeginsAnew_GoesOnWhereItArrives()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 150; i++)
        {
            var (ssrc, sequence) = i < 50 ? (1u, i) : i < 100 ? (2u, i + 40_000) : (2u, i + 10_000);
            var timestamp = (uint)(i * 160) + ((uint)i / 50 * 77_777);
            rig.Take(0, TrackRig.Packet(sequence, timestamp, TrackRig.Tone(500, i * 160, 160), ssrc: ssrc), i * 20);
        }
        rig.End(3000);
        (rig.Caller.Received, rig.Caller.Lost).ShouldBe((3000, 0));
    }

    [Fact]
    public void Silence_ThatIsSuppressed_IsIdleAndNotLost()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 100; i++)
        {
            // 0.8 s of talk, comfort noise, 1.2 s of nothing, talk with a marker.
            var isTalk = i is < 40 or > 99 - 40;
            if (isTalk)
            {
                var sequence = i < 40 ? i : i - 19;
                rig.Take(0, TrackRig.Packet(
                    sequence, (uint)(i * 160), TrackRig.Tone(500, i * 160, 160), marker: i == 60), i * 20);
            }
            else if (i == 40)
            {
                rig.Take(0, TrackRig.Packet(40, 40 * 160, [0x40], type: 13), 800);
            }
        }
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Lost, rig.Caller.Idle).ShouldBe((1600, 0, 400));
        rig.CallerSound.AsSpan(800 * 8, 400 * 8).IndexOfAnyExcept((short)0).ShouldBe(-1);
        rig.CallerSound.AsSpan(1200 * 8).IndexOfAnyExcept((short)0).ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Digits_BetweenTalk_AreNeitherHeardNorLost()
    {
        var formats = default(RecordedTypes);
        formats.Note(101, "telephone-event"u8, 8000, 1);
        var rig = new TrackRig(formats);
        for (var i = 0; i < 100; i++)
        {
            var isDigit = i is >= 40 and < 50;
            // All packets of a digit bear the timestamp of its beginning (RFC 4733 section 2.5.1.2).
            var packet = isDigit
                ? TrackRig.Packet(i, 40 * 160, [5, 10, 0, (byte)(i * 2)], type: 101, marker: i == 40)
                : TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(500, i * 160, 160));
            rig.Take(0, packet, i * 20);
        }
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Lost, rig.Caller.Idle).ShouldBe((1800, 0, 200));
        rig.Track.Corrections.ShouldBe(0);
    }

    [Fact]
    public void ALawAndMuLaw_OnTheTwoSides_SoundAlike()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 100; i++)
        {
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(600, i * 160, 160, isALaw: true), type: 8),
                i * 20);
            rig.Take(1, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(600, i * 160, 160)), i * 20);
        }
        rig.End(2000);
        TrackRig.Share(rig.CallerSound, 600).ShouldBeGreaterThan(0.99);
        TrackRig.Share(rig.CalleeSound, 600).ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public void Codec_ThatIsUnknown_IsSaidToBeMissing()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 100; i++) rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), new byte[160], type: 18), i * 20);
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Unrecordable).ShouldBe((0, 2000));
        rig.CallerSound.ShouldAllBe(sample => sample == 0);
    }

    [Fact]
    public void Packets_WithoutRoom_AreTheRecordersFault()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 100; i++)
        {
            // 30 to 35 got lost on the way, 36 to 39 found no room here.
            if (i is >= 30 and < 40) continue;
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(500, i * 160, 160)), i * 20,
                dropped: i == 40 ? 4 : 0);
        }
        rig.End(2000);
        (rig.Caller.Lost, rig.Caller.Overflow, rig.Caller.Received).ShouldBe((120, 80, 1800));
    }

    [Fact]
    public void Packets_WithoutRoomAtTheEnd_AreTheRecordersFault()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 90; i++) rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), new byte[160]), i * 20);
        rig.Track.MissLast(10, 0, TrackRig.StartMs + 2000);
        rig.End(2000);
        (rig.Caller.Received, rig.Caller.Overflow).ShouldBe((1800, 200));
    }

    [Fact]
    public void NetworkThatStandsStill_ThenBringsItAll_LosesNothing()
    {
        var rig = new TrackRig();
        var tone = TrackRig.Tone(440, 0, 300 * 160);
        for (var i = 0; i < 300; i++)
        {
            // Nothing for 400 ms, then all that was sent meanwhile.
            var atMs = i is >= 100 and < 120 ? 2400 : i * 20;
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), tone.AsSpan(i * 160, 160)), atMs);
        }
        rig.End(6000);
        rig.CallerCodes.ShouldBe(tone);
        rig.Caller.Late.ShouldBe(0);
    }

    [Fact]
    public void Packet_ThatComesTooLate_IsCountedAndItsPlaceStaysSilent()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 200; i++)
        {
            if (i != 30) rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(500, i * 160, 160)), i * 20);
            // 600 ms after its second was over.
            if (i == 85) rig.Take(0, TrackRig.Packet(30, 30 * 160, TrackRig.Tone(500, 30 * 160, 160)), 1700);
        }
        rig.End(4000);
        (rig.Caller.Late, rig.Caller.Lost, rig.Caller.Received).ShouldBe((20, 20, 3980));
    }

    [Fact]
    public void AccountedTime_OfACallWithEverything_IsItsWallTime()
    {
        var rig = new TrackRig();
        var random = new Random(99);
        var endMs = 0.0;
        for (var i = 0; i < 3000; i++)
        {
            endMs = (i * 20) + 7;
            if (random.Next(10) == 0) continue;
            var type = (byte)(random.Next(50) == 0 ? 9 : 0);
            var ssrc = (uint)(i / 700);
            var atMs = (i * 20) + random.Next(60);
            rig.Take((byte)(i & 1), TrackRig.Packet(i, (uint)(i * 160), new byte[160], type, ssrc), atMs);
        }
        rig.End((long)endMs);
        rig.Caller.Total.ShouldBe((int)endMs);
        rig.Callee.Total.ShouldBe((int)endMs);
        rig.CallerCodes.Count.ShouldBe((int)endMs * 8);
    }

    [Fact]
    public void Pause_BetweenTalk_IsSilentAndTheRestStaysInItsPlace()
    {
        var rig = new TrackRig();
        for (var i = 0; i < 150; i++)
        {
            if (i == 50) rig.Track.Pause(isPaused: true);
            if (i == 100) rig.Track.Pause(isPaused: false);
            rig.Take(0, TrackRig.Packet(i, (uint)(i * 160), TrackRig.Tone(500, i * 160, 160)), i * 20);
        }
        rig.End(3000);
        rig.CallerSound.AsSpan(8000, 8000).IndexOfAnyExcept((short)0).ShouldBe(-1);
        TrackRig.Share(rig.CallerSound.AsSpan(0, 8000), 500).ShouldBeGreaterThan(0.99);
        TrackRig.Share(rig.CallerSound.AsSpan(16_000), 500).ShouldBeGreaterThan(0.99);
        // Nobody lost what was not to be recorded.
        (rig.Caller.Received, rig.Caller.Lost).ShouldBe((2000, 0));
    }

    [Fact]
    public void Bytes_ThatAreNoRtp_ChangeNothing()
    {
        var rig = new TrackRig();
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(0, 60)];
            random.NextBytes(bytes);
            if (bytes.Length > 1 && i % 3 == 0) (bytes[0], bytes[1]) = ((byte)(0x80 | (bytes[0] & 0x3f)), 0);
            rig.Take((byte)(i & 1), bytes, i);
        }
        rig.End(10_000);
        rig.Caller.Total.ShouldBe(10_000);
    }
}
