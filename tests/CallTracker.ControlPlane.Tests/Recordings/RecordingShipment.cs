using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Tests.Kit;

namespace CallTracker.ControlPlane.Tests.Recordings;

/// <summary>Recordings in the control plane's folder, as a node writes them.</summary>
internal static class RecordingShipment
{
    public const int SoundMs = 2400;
    public const int WavLength = RecordingWavStream.HeaderLength + (SoundMs * 8 * 2);

    /// <summary>A recorded call of an operator, with its file.</summary>
    public static async Task<string> ShipAsync(
        Stack stack, Tenant tenant, string name, string clientId = "c1", bool isFiled = true)
    {
        var dinMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 100_000;
        await stack.ShipAsync(Recorded(tenant.Call(name, dinMs, client: clientId)));
        Write(stack, tenant.OperatorId, tenant.TrnId(name), clientId, isFiled);
        return tenant.TrnId(name);
    }

    /// <summary>The row that a node leaves of a recording.</summary>
    public static async Task FileAsync(Stack stack, Tenant tenant, string name, long dinMs, int keepDays = 0)
    {
        var record = new RecordingRecord
        {
            TrnId = tenant.TrnId(name),
            OperatorId = tenant.OperatorId,
            ClientId = "c1",
            DinMs = dinMs,
            Sides = RecordingSetting.Both,
            Summary = new RecordingSummary { State = RecordingState.Complete, DurationMs = SoundMs },
            KeepDays = keepDays,
            Version = (ulong)dinMs,
        };
        var rows = new ArrayBufferWriter<byte>();
        RecordingTable.Write(new RowBinaryWriter(rows), record);
        await stack.ClickHouse.InsertAsync(
            RecordingTable.Name, RecordingTable.ColumnList, "RowBinary", rows.WrittenMemory,
            RecordingTable.TokenOf(record));
    }

    public static CallRecord Recorded(CallRecord call) => new()
    {
        TrnId = call.TrnId,
        NodeId = call.NodeId,
        OperatorId = call.OperatorId,
        DinId = call.DinId,
        ClientId = call.ClientId,
        DinMs = call.DinMs,
        TstMs = call.TstMs,
        EocMs = call.EocMs,
        Recording = RecordingSetting.Both,
    };

    /// <summary>The code at a place of a side's sound.</summary>
    public static byte Code(int side, int sample) => (byte)((sample * 3) + (side * 77));

    public static void Write(Stack stack, string operatorId, string trnId, string clientId, bool isFiled)
    {
        var folder = new RecordingFolder(stack.Options.RecordingFolder);
        var path = isFiled ? folder.FiledPath(trnId) : folder.OpenPath(trnId);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var keys = RecordingKeys.OpenOrCreate(stack.Options.CallerKeyFile);
        var header = new RecordingHeader(trnId, operatorId, clientId, "n1", 1, 2, RecordingSetting.Both);
        using var cipher = keys.Make(header, out var bytes);
        using var file = File.Create(path);
        file.Write(bytes);
        for (var second = 0; second * 1000 < SoundMs; second++)
            Add(file, cipher, RecordingChunkKind.Sound, (uint)second, Sound(second));
        if (!isFiled) return;
        var end = new byte[RecordingSummary.Length];
        new RecordingSummary { State = RecordingState.Complete, Hash = SHA256.HashData([]) }.Write(end);
        Add(file, cipher, RecordingChunkKind.End, (SoundMs / 1000) + 1, end);
    }

    private static byte[] Sound(int second)
    {
        var ms = Math.Min(1000, SoundMs - (second * 1000));
        var content = new byte[RecordingFormat.SoundHeadLength + (2 * ms * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(content, second);
        BinaryPrimitives.WriteInt16LittleEndian(content.AsSpan(4), (short)ms);
        for (var i = 0; i < ms * 8; i++)
        {
            content[RecordingFormat.SoundHeadLength + i] = Code(0, (second * 8000) + i);
            content[RecordingFormat.SoundHeadLength + (ms * 8) + i] = Code(1, (second * 8000) + i);
        }
        return content;
    }

    private static void Add(
        Stream file, RecordingCipher cipher, RecordingChunkKind kind, uint sequence, byte[] content)
    {
        var chunk = new byte[content.Length + RecordingFormat.ChunkOverhead];
        cipher.Seal(kind, sequence, content, chunk);
        file.Write(chunk);
    }
}
