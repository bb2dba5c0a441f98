using CallTracker.Contracts.Recordings;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Recordings;

/// <summary>
/// A recording's file: what was written comes back, what was altered is noticed, what was cut off plays.
/// </summary>
public sealed class RecordingFileTests
{
    [Fact]
    public void File_WrittenAndRead_SaysWhoseItIsAndWhatItCameTo()
    {
        var header = TestRecording.Header();
        using var file = TestRecording.Open(TestRecording.Join(TestRecording.Parts(header)))!;
        file.Header.ShouldBe(header);
        file.SoundCount.ShouldBe(4);
        file.DurationMs().ShouldBe(3250);
        file.Summary!.State.ShouldBe(RecordingState.Complete);
        file.Summary.DurationMs.ShouldBe(3250u);
        file.Verify().ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(3650)]
    public void Header_WithDaysToKeep_ComesBackAndIsVouchedFor(int keepDays)
    {
        var header = TestRecording.Header() with { KeepDays = keepDays };
        var bytes = TestRecording.Join(TestRecording.Parts(header));
        using var file = TestRecording.Open(bytes)!;
        file.Header.ShouldBe(header);
        file.Verify().ShouldBeTrue();
        // The last byte before the wrapped key.
        bytes[header.ToBytes().Length - 1] ^= 1;
        TestRecording.Open(bytes).ShouldBeNull();
    }

    [Fact]
    public void Summary_OfAFileOfTheFirstVersion_IsReadWithoutAPause()
    {
        var content = new byte[RecordingSummary.Length];
        var summary = new RecordingSummary
        {
            State = RecordingState.Partial,
            DurationMs = 7,
            ConsentMs = 3,
            PausedMs = 5,
            Hash = [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
        };
        summary.Write(content);
        var now = RecordingSummary.TryRead(content)!;
        (now.PausedMs, now.ConsentMs).ShouldBe((5u, 3u));
        now.Hash.ShouldBe(summary.Hash);
        var before = RecordingSummary.TryRead(content.AsSpan(0, 54))!;
        (before.State, before.DurationMs, before.PausedMs, before.ConsentMs)
            .ShouldBe((RecordingState.Partial, 7u, 0u, 3u));
        before.Hash.ShouldBe(summary.Hash);
        RecordingSummary.TryRead(content.AsSpan(0, 55)).ShouldBeNull();
    }

    [Theory]
    [InlineData(RecordingSetting.Both)]
    [InlineData(RecordingSetting.Caller)]
    [InlineData(RecordingSetting.Callee)]
    public void Wav_OfARecording_HoldsEverySampleInItsPlace(RecordingSetting sides)
    {
        var header = TestRecording.Header(sides: sides);
        var wav = Wav(TestRecording.Join(TestRecording.Parts(header)));
        wav.Length.ShouldBe(RecordingWavStream.HeaderLength + (3250 * 8 * header.Channels));
        BitConverter.ToUInt32(wav, 4).ShouldBe((uint)(wav.Length - 8));
        BitConverter.ToInt16(wav, 20).ShouldBe((short)7);
        BitConverter.ToInt16(wav, 22).ShouldBe((short)header.Channels);
        BitConverter.ToUInt32(wav, 46).ShouldBe(3250u * 8);
        BitConverter.ToUInt32(wav, 54).ShouldBe((uint)(wav.Length - RecordingWavStream.HeaderLength));
        for (var i = 0; i < 3250 * 8; i++)
        {
            for (var side = 0; side < header.Channels; side++)
                wav[RecordingWavStream.HeaderLength + (i * header.Channels) + side]
                    .ShouldBe(TestRecording.Code(side, i), $"sample {i}");
        }
    }

    [Fact]
    public void Wav_ReadFromAnyPlaceOn_IsThatPartOfTheWhole()
    {
        var bytes = TestRecording.Join(TestRecording.Parts(TestRecording.Header()));
        var whole = Wav(bytes);
        using var stream = new RecordingWavStream(TestRecording.Open(bytes)!);
        var random = new Random(31);
        for (var round = 0; round < 300; round++)
        {
            var from = random.Next(0, whole.Length);
            var part = new byte[random.Next(1, 20_000)];
            stream.Seek(from, SeekOrigin.Begin);
            var count = stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false);
            part.AsSpan(0, count).SequenceEqual(whole.AsSpan(from, Math.Min(part.Length, whole.Length - from)))
                .ShouldBeTrue($"{part.Length} bytes from {from}");
        }
    }

    [Fact]
    public void EveryBitFlip_OfAFile_IsNoticed()
    {
        var bytes = TestRecording.Join(TestRecording.Parts(TestRecording.Header(), seconds: 2));
        var random = new Random(7);
        var places = Enumerable.Range(0, 700).Concat(Enumerable.Range(bytes.Length - 400, 400))
            .Concat(Enumerable.Range(0, 600).Select(_ => random.Next(bytes.Length)));
        foreach (var place in places)
        {
            var altered = bytes.ToArray();
            altered[place] ^= (byte)(1 << random.Next(8));
            using var file = TestRecording.Open(altered);
            (file?.Verify() ?? false).ShouldBeFalse($"byte {place}");
        }
    }

    [Fact]
    public void CutOffFile_AtEveryPlace_PlaysItsWholeSecondsAndHasNoEnd()
    {
        var parts = TestRecording.Parts(TestRecording.Header());
        var bytes = TestRecording.Join(parts);
        var whole = Wav(bytes);
        var ends = new List<int>();
        foreach (var part in parts) ends.Add(ends.LastOrDefault() + part.Length);
        var random = new Random(3);
        var cuts = ends.Concat(ends.Select(e => e - 1)).Concat(ends.Select(e => e + 1))
            .Concat(Enumerable.Range(0, 200).Select(_ => random.Next(bytes.Length))).Where(c => c < bytes.Length);
        foreach (var cut in cuts)
        {
            using var file = TestRecording.Open(bytes[..cut]);
            if (cut < ends[0])
            {
                file.ShouldBeNull($"cut at {cut}");
                continue;
            }
            var seconds = ends.Count(end => end <= cut) - 1;
            file!.SoundCount.ShouldBe(Math.Min(4, seconds), $"cut at {cut}");
            file.Summary.ShouldBeNull();
            file.Verify().ShouldBeFalse();
            var wav = Wav(bytes[..cut]);
            wav.AsSpan(RecordingWavStream.HeaderLength).SequenceEqual(
                whole.AsSpan(RecordingWavStream.HeaderLength, wav.Length - RecordingWavStream.HeaderLength))
                .ShouldBeTrue($"cut at {cut}");
        }
    }

    [Fact]
    public void Chunks_MovedOrLeftOutOrOfAnotherRecording_AreRefused()
    {
        var header = TestRecording.Header();
        var parts = TestRecording.Parts(header, seconds: 5);
        List<byte[]> swapped = [parts[0], parts[2], parts[1], .. parts[3..]];
        List<byte[]> leftOut = [parts[0], parts[1], .. parts[3..]];
        // The same call's, made anew: another key.
        List<byte[]> mixed = [parts[0], TestRecording.Parts(header, seconds: 5)[1], .. parts[2..]];
        foreach (var altered in new[] { swapped, leftOut, mixed })
        {
            using var file = TestRecording.Open(TestRecording.Join(altered))!;
            file.Verify().ShouldBeFalse();
            Should.Throw<InvalidDataException>(() => Wav(TestRecording.Join(altered)));
        }
    }

    [Fact]
    public void Header_OfAnotherOperatorOrCallOrInstallation_OpensNothing()
    {
        var parts = TestRecording.Parts(TestRecording.Header());
        var wrapped = parts[0].AsSpan()[^RecordingHeader.WrappedKeyLength..].ToArray();
        foreach (var header in new[]
        {
            TestRecording.Header(operatorId: "op2"), TestRecording.Header(trnId: "F123456789ABCDEF01234567"),
            TestRecording.Header(sides: RecordingSetting.Caller), TestRecording.Header() with { ClientId = "client2" },
        })
        {
            parts[0] = [.. header.ToBytes(), .. wrapped];
            TestRecording.Open(TestRecording.Join(parts)).ShouldBeNull();
        }
        var own = TestRecording.Join(TestRecording.Parts(TestRecording.Header()));
        TestRecording.Open(own, new RecordingKeys(new byte[32])).ShouldBeNull();
        TestRecording.Open(own)!.Dispose();
    }

    [Fact]
    public void RandomBytes_WithTheMagicOrWithout_AreNoRecording()
    {
        var random = new Random(12);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(0, 700)];
            random.NextBytes(bytes);
            if (round % 2 == 0 && bytes.Length >= 8) RecordingFormat.Magic.CopyTo(bytes);
            TestRecording.Open(bytes).ShouldBeNull();
        }
    }

    [Fact]
    public void PlainSound_OfAFile_IsNowhereInIt()
    {
        var header = TestRecording.Header();
        var bytes = TestRecording.Join(TestRecording.Parts(header));
        var sound = new byte[16];
        for (var i = 0; i < sound.Length; i++) sound[i] = TestRecording.Code(0, 4000 + i);
        bytes.AsSpan().IndexOf(sound).ShouldBe(-1);
    }

    [Fact]
    public void Folder_WithRecordings_FindsAndDeletesThem()
    {
        var root = Directory.CreateTempSubdirectory("calltracker-recordings-").FullName;
        try
        {
            var folder = new RecordingFolder(root);
            folder.TryOpen(TestRecording.TrnId).ShouldBeNull();
            Directory.CreateDirectory(folder.Pending);
            File.WriteAllBytes(folder.OpenPath(TestRecording.TrnId), [1]);
            folder.TryDelete(TestRecording.TrnId).ShouldBeFalse();
            folder.FindPending().Open.ShouldBe([TestRecording.TrnId]);
            Directory.CreateDirectory(Path.GetDirectoryName(folder.FiledPath(TestRecording.TrnId))!);
            File.Move(folder.OpenPath(TestRecording.TrnId), folder.FiledPath(TestRecording.TrnId));
            folder.TryOpen(TestRecording.TrnId)!.Dispose();
            folder.TryDelete(TestRecording.TrnId).ShouldBeTrue();
            folder.TryOpen(TestRecording.TrnId).ShouldBeNull();
            folder.TryDelete(TestRecording.TrnId).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static byte[] Wav(byte[] bytes)
    {
        using var stream = new RecordingWavStream(TestRecording.Open(bytes)!);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Length.ShouldBe(stream.Length);
        return copy.ToArray();
    }
}
