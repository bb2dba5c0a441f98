using System.Buffers.Text;

namespace CallTracker.Media.Relay;

/// <summary>
/// The kernel's UDP counters of this network namespace (/proc/net/snmp, IPv4): what it dropped because a receive
/// buffer was full never reaches the relay's own counters. Opened once, read on demand without allocation; not on a
/// worker's packet path. One thread at a time.
/// </summary>
public sealed class UdpKernelCounters : IDisposable
{
    private const string DefaultPath = "/proc/net/snmp";
    private readonly byte[] _text = new byte[8192];
    private readonly FileStream _file;

    public UdpKernelCounters()
        : this(DefaultPath)
    {
    }

    internal UdpKernelCounters(string path) =>
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>Datagrams dropped because a socket's receive buffer was full; -1 when the kernel does not
    /// say.</summary>
    public long ReceiveBufferErrors { get; private set; } = -1;

    /// <summary>Datagrams not sent because of a full send buffer or missing memory; -1 when the kernel does not
    /// say.</summary>
    public long SendBufferErrors { get; private set; } = -1;

    /// <summary>Datagrams that came to a port nobody had open; -1 when the kernel does not say.</summary>
    public long NoPorts { get; private set; } = -1;

    /// <summary>Reads anew.</summary>
    public void Read()
    {
        _file.Position = 0;
        var length = 0;
        while (length < _text.Length)
        {
            var count = _file.Read(_text.AsSpan(length));
            if (count == 0) break;
            length += count;
        }
        Take(_text.AsSpan(0, length));
    }

    public void Dispose() => _file.Dispose();

    // Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors ...
    // Udp: 1 2 3 4 5 6 ...
    private void Take(ReadOnlySpan<byte> text)
    {
        var names = LineOfUdp(ref text);
        var values = LineOfUdp(ref text);
        while (NextWord(ref names, out var name) && NextWord(ref values, out var value))
        {
            if (!Utf8Parser.TryParse(value, out long number, out _)) continue;
            if (name.SequenceEqual("RcvbufErrors"u8)) ReceiveBufferErrors = number;
            else if (name.SequenceEqual("SndbufErrors"u8)) SendBufferErrors = number;
            else if (name.SequenceEqual("NoPorts"u8)) NoPorts = number;
        }
    }

    // The next line that begins with "Udp:", without that; the text behind it remains.
    private static ReadOnlySpan<byte> LineOfUdp(ref ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.StartsWith("Udp:"u8)) return line[4..];
        }
        return default;
    }

    private static bool NextWord(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        line = line.TrimStart((byte)' ');
        var end = line.IndexOf((byte)' ');
        word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return !word.IsEmpty;
    }
}
