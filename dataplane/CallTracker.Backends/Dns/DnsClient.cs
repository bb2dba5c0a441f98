using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CallTracker.Backends.Dns;

/// <summary>
/// Asks the configured servers in turn, by UDP and, when the answer does not fit, by TCP. Each question has a random id
/// and a socket, and so a port, of its own, and only what comes from the server asked and repeats the question counts
/// (RFC 5452). Keeps nothing. Any thread.
/// </summary>
internal sealed class DnsClient(IReadOnlyList<IPEndPoint> servers, DnsOptions options) : IDnsSource
{
    private const int DatagramLengthMax = 4096;

    /// <inheritdoc/>
    public async Task<DnsAnswer> AskAsync(string name, DnsType type, CancellationToken ct)
    {
        if (!DnsQuestion.IsName(name)) return new DnsAnswer(DnsStatus.NoSuchName, []);
        for (var round = 0; round < options.RoundsMax; round++)
        {
            foreach (var server in servers)
            {
                var question = new DnsQuestion((ushort)RandomNumberGenerator.GetInt32(65536), name, type);
                var answer = await AskAsync(server, question, ct);
                if (answer.Status != DnsStatus.Failed) return answer;
            }
        }
        return DnsAnswer.Failed;
    }

    private async Task<DnsAnswer> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.AnswerMsMax);
        try
        {
            var answer = await AskByUdpAsync(server, question, limit.Token);
            if (answer.Status != DnsStatus.Truncated) return answer;
            answer = await AskByTcpAsync(server, question, limit.Token);
            return answer.Status == DnsStatus.Truncated ? DnsAnswer.Failed : answer;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return DnsAnswer.Failed;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or IOException)
        {
            return DnsAnswer.Failed;
        }
    }

    // Connected, so that the kernel drops what others send. Answers to other questions may be forged: passed over.
    private static async Task<DnsAnswer> AskByUdpAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct);
        await socket.SendAsync(question.ToBytes(), SocketFlags.None, ct);
        var buffer = new byte[DatagramLengthMax];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, ct);
            if (DnsParser.TryParse(buffer.AsSpan(0, length), question) is { } answer) return answer;
        }
    }

    // RFC 1035 section 4.2.2: two octets of length before each message.
    private static async Task<DnsAnswer> AskByTcpAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, ct);
        var stream = client.GetStream();
        var bytes = question.ToBytes();
        var framed = new byte[bytes.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)bytes.Length);
        bytes.CopyTo(framed.AsSpan(2));
        await stream.WriteAsync(framed, ct);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, ct);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(message, ct);
        return DnsParser.TryParse(message, question) ?? DnsAnswer.Failed;
    }
}
