using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CallTracker.Media.Tests.Quality;

/// <summary>Writes capture files and asks tshark what it makes of their RTP.</summary>
internal static partial class Tshark
{
    private const int Port = 5004;
    private const string Path = "/usr/bin/tshark";

    public static bool IsPresent => File.Exists(Path);

    /// <summary>tshark's figures of each stream by its SSRC.</summary>
    public static async Task<Dictionary<uint, TsharkStream>> AnalyseAsync(IReadOnlyList<CaptureStream> streams)
    {
        var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"calltracker-{Guid.NewGuid():N}.pcap");
        await File.WriteAllBytesAsync(file, Capture(streams));
        try
        {
            var text = await RunAsync(["-r", file, "-q", "-d", $"udp.port=={Port},rtp", "-z", "rtp,streams"]);
            return Row().Matches(text).ToDictionary(
                m => uint.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture), Read);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return text;
    }

    private static TsharkStream Read(Match row) => new(
        int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture),
        int.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture),
        Number(row, 4), Number(row, 5), Number(row, 6));

    private static double Number(Match row, int group) =>
        double.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    // SSRC, payload name, packets, lost (%), min, mean and max delta, min, mean and max jitter
    [GeneratedRegex(@"0x([0-9A-F]{8})\s.*?\s(\d+)\s+(-?\d+) \(-?[\d.]+%\)\s+[\d.]+\s+[\d.]+\s+([\d.]+)\s+[\d.]+\s+"
        + @"([\d.]+)\s+([\d.]+)")]
    private static partial Regex Row();

    // pcap 2.4, LINKTYPE_RAW: IPv4 without a link layer.
    private static byte[] Capture(IReadOnlyList<CaptureStream> streams)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0]);
        foreach (var (stream, number) in streams.Select((s, i) => (s, i)))
        {
            foreach (var (atMs, packet) in stream.Packets)
            {
                var frame = Frame(packet, 4000 + number);
                writer.Write((uint)(atMs / 1000));
                writer.Write((uint)(atMs % 1000 * 1000));
                writer.Write(frame.Length);
                writer.Write(frame.Length);
                writer.Write(frame);
            }
        }
        return memory.ToArray();
    }

    private static byte[] Frame(byte[] payload, int sourcePort)
    {
        var frame = new byte[28 + payload.Length];
        frame[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)frame.Length);
        (frame[8], frame[9]) = (64, 17);
        frame.AsSpan(12, 8).Fill(10);
        frame[19] = 20;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(22), Port);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), (ushort)(frame.Length - 20));
        payload.CopyTo(frame, 28);
        return frame;
    }
}
