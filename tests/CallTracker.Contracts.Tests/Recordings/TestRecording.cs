using System.Buffers.Binary;
using CallTracker.Contracts.Recordings;
using Shouldly;

namespace CallTracker.Contracts.Tests.Recordings;

/// <summary>Makes recordings' files in memory, as a node does.</summary>
internal static class TestRecording
{
    public const string TrnId = "0123456789ABCDEF01234567";
    public static readonly RecordingKeys Keys = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public static RecordingHeader Header(
        string trnId = TrnId, string operatorId = "op1", RecordingSetting sides = RecordingSetting.Both) =>
        new(trnId, operatorId, "client1", "node1", 1_795_000_000_000, 1_795_000_005_000, sides);

    /// <summary>A file's parts: the header, then each chunk. The last second is 250 ms long.</summary>
    public static List<byte[]> Parts(RecordingHeader header, int seconds = 4, bool isEnded = true)
    {
        using var cipher = Keys.Make(header, out var headerBytes);
        var parts = new List<byte[]> { headerBytes };
        for (var second = 0; second < seconds; second++)
        {
            var ms = second == seconds - 1 ? 250 : 1000;
            parts.Add(Seal(cipher, RecordingChunkKind.Sound, parts.Count - 1, Sound(header, second, ms)));
        }
        if (!isEnded) return parts;
        var content = new byte[RecordingSummary.Length];
        var summary = new RecordingSummary
        {
            State = RecordingState.Complete,
            DurationMs = (uint)(((seconds - 1) * 1000) + 250),
            Hash = System.Security.Cryptography.SHA256.HashData(Join(parts)),
        };
        summary.Write(content);
        parts.Add(Seal(cipher, RecordingChunkKind.End, parts.Count - 1, content));
        return parts;
    }

    /// <summary>The code at a place of a side's sound.</summary>
    public static byte Code(int side, long sample) => (byte)((sample * 7) + (side * 131) + (sample / 999));

    public static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    public static RecordingFile? Open(byte[] bytes, RecordingKeys? keys = null) =>
        RecordingFile.TryOpen(new MemoryStream(bytes), keys ?? Keys);

    private static byte[] Sound(RecordingHeader header, int second, int ms)
    {
        var samples = ms * RecordingFormat.SamplesPerMs;
        var content = new byte[RecordingFormat.SoundHeadLength + (samples * header.Channels)];
        BinaryPrimitives.WriteInt32LittleEndian(content, second);
        BinaryPrimitives.WriteInt16LittleEndian(content.AsSpan(4), (short)ms);
        for (var side = 0; side < header.Channels; side++)
        {
            for (var i = 0; i < samples; i++)
                content[RecordingFormat.SoundHeadLength + (side * samples) + i] = Code(side, (second * 8000) + i);
        }
        return content;
    }

    private static byte[] Seal(RecordingCipher cipher, RecordingChunkKind kind, int sequence, byte[] content)
    {
        var chunk = new byte[content.Length + RecordingFormat.ChunkOverhead];
        cipher.Seal(kind, (uint)sequence, content, chunk).ShouldBe(chunk.Length);
        return chunk;
    }
}
