using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.TestKit.Servers;

/// <summary>
/// A DNS server by script on loopback, UDP and TCP on one port: answers what it was told, can be silent, truncate, or
/// send bytes of the test's own. Owned by one test.
/// </summary>
public sealed class DnsServer : IAsyncDisposable
{
    public const int TypeA = 1;
    public const int TypeCname = 5;
    public const int TypeSrv = 33;
    public const int TypeNaptr = 35;
    private const int HeaderLength = 12;
    private readonly ConcurrentDictionary<(string Name, int Type), List<byte[]>> _records = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task _loops;

    public DnsServer()
    {
        (_udp, _tcp) = BindBoth();
        Port = ((IPEndPoint)_udp.Client.LocalEndPoint!).Port;
        _loops = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public int Port { get; }

    /// <summary>Drops every question.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Answers by UDP are cut off, so that the client comes by TCP.</summary>
    public bool Truncates { get; set; }

    /// <summary>Response code of every answer; 0 for the records, or 3 when the name has none.</summary>
    public int Code { get; set; }

    /// <summary>Answers by UDP are replaced by what this makes of the question and the right answer.</summary>
    public Func<byte[], byte[], IEnumerable<byte[]>>? Corrupts { get; set; }

    /// <summary>Questions so far as <c>name type</c>, those by TCP with a mark.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Adds an address.</summary>
    public void Address(string name, string address, int ttlSec = 60) =>
        Add(name, TypeA, ttlSec, IPAddress.Parse(address).GetAddressBytes());

    public void Alias(string name, string target, int ttlSec = 60) => Add(name, TypeCname, ttlSec, Name(target));

    /// <summary>Adds a server; the target "" is the root.</summary>
    public void Server(string name, int priority, int weight, int port, string target, int ttlSec = 60) =>
        Add(name, TypeSrv, ttlSec, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public void Pointer(
        string name, int order, int preference, string flags, string service, string target, int ttlSec = 60) =>
        Add(name, TypeNaptr, ttlSec,
        [
            .. Number(order), .. Number(preference), .. Text(flags), .. Text(service), .. Text(""), .. Name(target),
        ]);

    /// <summary>Forgets all records of a name.</summary>
    public void Remove(string name)
    {
        foreach (var key in _records.Keys.Where(k => k.Name == name)) _records.TryRemove(key, out _);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _loops;
        _stop.Dispose();
    }

    private static (UdpClient Udp, TcpListener Tcp) BindBoth()
    {
        for (var attempt = 0; ; attempt++)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private void Add(string name, int type, int ttlSec, byte[] data)
    {
        byte[] record =
        [
            .. Name(name), .. Number(type), .. Number(1), .. Number(ttlSec >> 16), .. Number(ttlSec & 0xffff),
            .. Number(data.Length), .. data,
        ];
        _records.GetOrAdd((name, type), _ => []).Add(record);
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                var question = await _udp.ReceiveAsync(_stop.Token);
                var answer = Answer(question.Buffer, isUdp: true);
                if (answer is null) continue;
                foreach (var bytes in Corrupts?.Invoke(question.Buffer, answer) ?? [answer])
                    await _udp.SendAsync(bytes, question.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var head = new byte[2];
                await stream.ReadExactlyAsync(head, _stop.Token);
                var question = new byte[(head[0] << 8) | head[1]];
                await stream.ReadExactlyAsync(question, _stop.Token);
                if (Answer(question, isUdp: false) is not { } answer) continue;
                await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException
            or SocketException)
        {
            // The end.
        }
    }

    // Header, the question as it came, the records.
    private byte[]? Answer(byte[] question, bool isUdp)
    {
        var (name, end) = ReadName(question);
        var type = (question[end] << 8) | question[end + 1];
        _asked.Enqueue($"{name} {type}{(isUdp ? "" : " tcp")}");
        if (IsSilent) return null;
        var records = Find(name, type);
        var isCut = isUdp && Truncates;
        var hasName = _records.Keys.Any(k => k.Name == name);
        var code = Code != 0 ? Code : hasName ? 0 : 3;
        var flags = 0x8180 | (isCut ? 0x0200 : 0) | code;
        return
        [
            .. question[..2], .. Number(flags), .. Number(1), .. Number(isCut ? 0 : records.Count), .. Number(0),
            .. Number(0), .. question[HeaderLength..(end + 4)], .. isCut ? [] : records.SelectMany(r => r),
        ];
    }

    private List<byte[]> Find(string name, int type)
    {
        if (_records.TryGetValue((name, type), out var records)) return records;
        return _records.TryGetValue((name, TypeCname), out var aliases) ? aliases : [];
    }

    private static (string Name, int End) ReadName(byte[] message)
    {
        var labels = new List<string>();
        var at = HeaderLength;
        for (; message[at] != 0; at += message[at] + 1)
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
        return (string.Join('.', labels), at + 1);
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(Text), 0];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
