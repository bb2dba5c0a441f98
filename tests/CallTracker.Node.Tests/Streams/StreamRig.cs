using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.Calls.Access;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace CallTracker.Node.Tests.Streams;

/// <summary>
/// A hub on real sockets of the loopback, the mailboxes of its workers read by the test. Peers at 127.0.0.1 and ::1 are
/// known, all others are strangers.
/// </summary>
internal sealed class StreamRig : IDisposable
{
    public const int LimitMs = 10_000;
    private readonly Mailbox[] _mailboxes;

    public StreamRig(
        StreamSettings? settings = null, TlsSettings? tls = null, int workers = 1, Trunk[]? trunks = null)
    {
        _mailboxes = [.. Enumerable.Range(0, workers).Select(_ => new Mailbox())];
        Trunks = new TrunkTable(trunks ?? [Known(IPAddress.Loopback), Known(IPAddress.IPv6Loopback)]);
        var clock = new SystemClock();
        Hub = new StreamHub(
            settings ?? new StreamSettings(), clock, () => Trunks, Access,
            new StreamInbox(_mailboxes, new CallSpread(_mailboxes.Length, gathers: false)),
            new StreamTls(tls ?? new TlsSettings(), clock, NullLogger.Instance), []);
        Tcp = Hub.Listen(new IPEndPoint(IPAddress.Loopback, 0), SipTransportKind.Tcp);
        TcpOfV6 = Hub.Listen(new IPEndPoint(IPAddress.IPv6Loopback, 0), SipTransportKind.Tcp);
        Tls = Hub.Tls.CanAccept
            ? Hub.Listen(new IPEndPoint(IPAddress.Loopback, 0), SipTransportKind.Tls)
            : new IPEndPoint(IPAddress.None, 0);
        Hub.Start();
    }

    public StreamHub Hub { get; }

    public TrunkTable Trunks { get; set; }

    public NodeAccess Access { get; } = new();

    public IPEndPoint Tcp { get; }

    public IPEndPoint TcpOfV6 { get; }

    public IPEndPoint Tls { get; }

    public void Dispose()
    {
        Hub.Dispose();
        foreach (var mailbox in _mailboxes) mailbox.Dispose();
    }

    public static Trunk Known(
        IPAddress address, int port = 0, SipTransportKind transport = default, string name = "") =>
        new()
        {
            Id = $"{address}:{port}",
            OperatorId = "op",
            Address = IpEndpoint.From(address, port),
            Prefixes = [],
            InboundFrom = [new InboundSource(IpEndpoint.From(address, 0), 128)],
            Transport = transport,
            ServerName = name,
        };

    public static Socket Connect(IPEndPoint to, IPAddress? from = null)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = LimitMs };
        if (from is not null) socket.Bind(new IPEndPoint(from, 0));
        socket.Connect(to);
        return socket;
    }

    /// <summary>A message with its own Call-ID; complete, small.</summary>
    public static string Options(string callId, string transport = "TCP", int port = 5060, string body = "") =>
        $"OPTIONS sip:node SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.1:{port};branch=z9hG4bK{callId}\r\n"
        + $"Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: {callId}\r\nCSeq: 1 OPTIONS\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>The answer that belongs to such a message.</summary>
    public static string Answer(string request) =>
        "SIP/2.0 200 OK\r\n" + request[(request.IndexOf("Via:", StringComparison.Ordinal))..];

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static SipFlow FlowTo(SipTransportKind kind, IPEndPoint remote, uint connection = 0) =>
        new(kind, 0, connection, IpEndpoint.From(remote.Address, remote.Port));

    public bool Send(in SipFlow flow, string message) => Hub.Send(flow, Bytes(message), worker: 0);

    /// <summary>The next item of a mailbox, as text with the flow it came by; an error when none comes.</summary>
    public (WorkerMessageKind Kind, string Text, SipFlow Flow) Take(int worker = 0)
    {
        WorkerMessage message = default;
        Until(() => _mailboxes[worker].TryRead(out message));
        var datagram = message.Datagram.ShouldNotBeNull();
        var flow = new SipFlow((SipTransportKind)datagram.Transport, 0, datagram.Connection, datagram.Source);
        var text = Encoding.Latin1.GetString(datagram.Bytes);
        datagram.Owner.ReturnFromOtherThread(datagram);
        return (message.Kind, text, flow);
    }

    public bool HasMail(int worker = 0) => _mailboxes[worker].TryRead(out _);

    /// <summary>Fills a worker's mailbox to the brim.</summary>
    public void Stuff(int worker = 0)
    {
        while (_mailboxes[worker].TryPost(new WorkerMessage(WorkerMessageKind.Drain)))
        {
        }
    }

    /// <summary>Takes what is there: the stuffing, and messages, which must be w0, w1, … in this order.</summary>
    public void TakeAll(ref int next)
    {
        while (_mailboxes[0].TryRead(out var item))
        {
            if (item.Datagram is not { } datagram) continue;
            Encoding.Latin1.GetString(datagram.Bytes).ShouldContain($"Call-ID: w{next++}\r");
            datagram.Owner.ReturnFromOtherThread(datagram);
        }
    }

    public static void Until(Func<bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            watch.ElapsedMilliseconds.ShouldBeLessThan(LimitMs, "what was awaited never came");
            // Between two looks, for the tasks that are waited for.
            Thread.Sleep(1);
        }
    }

    /// <summary>Reads until the text has come; all that came.</summary>
    public static string ReadUntil(Socket socket, string text)
    {
        var buffer = new byte[4096];
        var seen = new StringBuilder();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = socket.Receive(buffer);
            if (count == 0) throw new InvalidOperationException($"closed after: {seen}");
            seen.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        return seen.ToString();
    }

    /// <summary>True when the peer has closed the connection, in order or by reset.</summary>
    public static bool IsEnded(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (socket.Receive(buffer) > 0)
            {
            }
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.TimedOut;
        }
    }
}
