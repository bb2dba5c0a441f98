using System.Buffers.Text;

namespace CallTracker.Media.Relay;

/// <summary>
/// The kernel's UDP counters of this network namespace, IPv4 and IPv6 together (/proc/net/snmp and snmp6): what it
/// dropped because a receive buffer was full never reaches the relay's own counters, nor do strangers at a connected
/// port. Opened once, read on demand without allocation; not on a worker's packet path. One thread at a time.
/// </summary>
public sealed class UdpKernelCounters : IDisposable
{
    private const string DefaultPath = "/proc/net/snmp";
    private const string DefaultPath6 = "/proc/net/snmp6";
    private readonly byte[] _text = new byte[16_384];
    private readonly FileStream _file;
    // Null where the kernel has no IPv6.
    private readonly FileStream? _file6;

    public UdpKernelCounters()
        : this(DefaultPath, DefaultPath6)
    {
    }

    internal UdpKernelCounters(string path, string? path6 = null)
    {
        _file = Open(path);
        if (path6 is not null && File.Exists(path6)) _file6 = Open(path6);
    }

    /// <summary>Datagrams dropped because a socket's receive buffer was full; -1 when the kernel does not
    /// say.</summary>
    public long ReceiveBufferErrors { get; private set; } = -1;

    /// <summary>Datagrams not sent because of a full send buffer or missing memory; -1 when the kernel does not
    /// say.</summary>
    public long SendBufferErrors { get; private set; } = -1;

    /// <summary>
    /// Datagrams that came to a port nobody had open, or open for another sender alone; -1 when the kernel does not
    /// say.
    /// </summary>
    public long NoPorts { get; private set; } = -1;

    /// <summary>Reads anew.</summary>
    public void Read()
    {
        (ReceiveBufferErrors, SendBufferErrors, NoPorts) = (-1, -1, -1);
        Take(Fill(_file));
        if (_file6 is not null) Take6(Fill(_file6));
    }

    public void Dispose()
    {
        _file.Dispose();
        _file6?.Dispose();
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    private ReadOnlySpan<byte> Fill(FileStream file)
    {
        file.Position = 0;
        var length = 0;
        while (length < _text.Length)
        {
            var count = file.Read(_text.AsSpan(length));
            if (count == 0) break;
            length += count;
        }
        return _text.AsSpan(0, length);
    }

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

    // Udp6RcvbufErrors                	7
    private void Take6(ReadOnlySpan<byte> text)
    {
        while (NextPart(ref text, (byte)'\n', out var line))
        {
            if (!line.StartsWith("Udp6"u8)) continue;
            line = line[4..];
            var value = line[(line.LastIndexOf((byte)'\t') + 1)..];
            if (!Utf8Parser.TryParse(value, out long number, out _)) continue;
            if (line.StartsWith("RcvbufErrors"u8)) ReceiveBufferErrors = Math.Max(0, ReceiveBufferErrors) + number;
            else if (line.StartsWith("SndbufErrors"u8)) SendBufferErrors = Math.Max(0, SendBufferErrors) + number;
            else if (line.StartsWith("NoPorts"u8)) NoPorts = Math.Max(0, NoPorts) + number;
        }
    }

    // The next line that begins with "Udp:", without that; the text behind it remains.
    private static ReadOnlySpan<byte> LineOfUdp(ref ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            NextPart(ref text, (byte)'\n', out var line);
            if (line.StartsWith("Udp:"u8)) return line[4..];
        }
        return default;
    }

    private static bool NextWord(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        line = line.TrimStart((byte)' ');
        return NextPart(ref line, (byte)' ', out word);
    }

    // False at the end of the text, and for an empty part.
    private static bool NextPart(ref ReadOnlySpan<byte> text, byte separator, out ReadOnlySpan<byte> part)
    {
        var end = text.IndexOf(separator);
        part = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return !part.IsEmpty;
    }
}
