using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Core.Net;
using CallTracker.Node.Workers;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Two workers share the calls of one source, and every message finds the worker of its call.</summary>
[Collection(nameof(TwoWorkers))]
public sealed class WorkersTests
{
    private const int CallCount = 40;
    private const string Sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";

    // With 0 a turn ends after each message of a mailbox, and the next must come without another's wake-up.
    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Calls_OfOneSource_AreSharedAndEachEndsWhole(int signallingMsMax)
    {
        using var carrier = Bind();
        using var shop = Bind();
        using var node = new TwoWorkers(
            EndpointOf(carrier), EndpointOf(shop), signallingMsMax: signallingMsMax);
        var target = new IPEndPoint(IPAddress.Loopback, node.Address.Port);
        var port = EndpointOf(carrier).Port;
        for (var i = 0; i < CallCount; i++) carrier.SendTo(TwoWorkers.Ascii(Invite(i, port)), target);

        var oks = new Dictionary<string, string>(StringComparer.Ordinal);
        Pump(carrier, shop, target, oks, () => oks.Count == CallCount);
        oks.Count.ShouldBe(CallCount);
        node.ActiveCalls.Sum().ShouldBe(CallCount);
        node.ActiveCalls.ShouldAllBe(count => count > CallCount / 8);
        node.HandedOver.ShouldBeGreaterThan(0);

        foreach (var ok in oks.Values) carrier.SendTo(TwoWorkers.Ascii(InDialog(ok, "ACK", 1)), target);
        foreach (var ok in oks.Values) carrier.SendTo(TwoWorkers.Ascii(InDialog(ok, "BYE", 2)), target);
        Pump(carrier, shop, target, oks, () => node.Ended == CallCount && node.ActiveCalls.Sum() == 0);
        node.Ended.ShouldBe(CallCount);
        node.ActiveCalls.Sum().ShouldBe(0);
    }

    [Fact]
    public void Calls_WhileOneWorkerIsEnough_AreAllTheFirsts()
    {
        using var carrier = Bind();
        using var shop = Bind();
        using var node = new TwoWorkers(
            EndpointOf(carrier), EndpointOf(shop), spread: new CallSpread(2, gathers: true));
        node.All[0].Steer().ShouldBe(0);
        var target = new IPEndPoint(IPAddress.Loopback, node.Address.Port);
        var oks = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < CallCount; i++)
            carrier.SendTo(TwoWorkers.Ascii(Invite(i, EndpointOf(carrier).Port)), target);
        Pump(carrier, shop, target, oks, () => oks.Count == CallCount);

        node.ActiveCalls.ShouldBe([CallCount, 0]);
        node.HandedOver.ShouldBe(0, "the kernel gave the first worker everything");
        node.All[0].IsSharing.ShouldBeFalse();
    }

    // From each phase to the next, and to that after it for the CANCEL, which comes when a call has rung for long.
    [Theory]
    [InlineData("Gathered", "Opening", "Spread")]
    [InlineData("Opening", "Spread", "Closing")]
    [InlineData("Spread", "Closing", "Gathered")]
    [InlineData("Closing", "Gathered", "Opening")]
    [InlineData("Closing", "Opening", "Spread")]
    public void Invite_RepeatedAfterAChange_FindsItsCallAndSoDoesTheCancel(string before, string after, string later)
    {
        using var carrier = Bind();
        using var shop = Bind();
        var spread = new CallSpread(2, gathers: true) { Phase = Enum.Parse<SpreadPhase>(before) };
        using var node = new TwoWorkers(EndpointOf(carrier), EndpointOf(shop), spread: spread);
        var target = new IPEndPoint(IPAddress.Loopback, node.Address.Port);
        var port = EndpointOf(carrier).Port;
        for (var i = 0; i < CallCount; i++) carrier.SendTo(TwoWorkers.Ascii(Invite(i, port)), target);
        // Rings, and nobody answers.
        Await(() => node.ActiveCalls.Sum() == CallCount);
        var shares = node.ActiveCalls;

        spread.Phase = Enum.Parse<SpreadPhase>(after);
        for (var i = 0; i < CallCount; i++) carrier.SendTo(TwoWorkers.Ascii(Invite(i, port)), target);
        Await(() => node.All.Sum(w => w.Engine.TransactionCounters.RetransmitsIn) >= CallCount);
        node.ActiveCalls.ShouldBe(shares, "no call was begun twice");

        spread.Phase = Enum.Parse<SpreadPhase>(later);
        for (var i = 0; i < CallCount; i++) carrier.SendTo(TwoWorkers.Ascii(Cancel(i, port)), target);
        Await(() => node.Ended == CallCount);
        node.All.Sum(w => w.Engine.TransactionCounters.UnmatchedCancels).ShouldBe(0);
    }

    private static void Await(Func<bool> isSo)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (!isSo())
        {
            Environment.TickCount64.ShouldBeLessThan(deadline, "the awaited condition never came");
            Thread.Sleep(5); // between looks at what other threads do
        }
    }

    private static string Cancel(int i, int port) =>
        $"CANCEL sip:0120000001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-{i};rport\r\n" +
        $"Max-Forwards: 70\r\nFrom: <sip:031111{i:D4}@127.0.0.1>;tag=f{i}\r\nTo: <sip:0120000001@127.0.0.1>\r\n" +
        $"Call-ID: call-{i}\r\nCSeq: 1 CANCEL\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public void Datagrams_FromStrangers_GetNoAnswer()
    {
        using var carrier = Bind();
        using var shop = Bind();
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.7"), 0));
        using var node = new TwoWorkers(EndpointOf(carrier), EndpointOf(shop));
        var target = new IPEndPoint(IPAddress.Loopback, node.Address.Port);
        stranger.SendTo(TwoWorkers.Ascii(Invite(1, 9)), target);
        // The carrier's OPTIONS is handled after it; when that is answered, the stranger's turn has passed.
        carrier.SendTo(TwoWorkers.Ascii(Invite(2, EndpointOf(carrier).Port)), target);
        carrier.Poll(5_000_000, SelectMode.SelectRead).ShouldBeTrue();
        stranger.Poll(200_000, SelectMode.SelectRead).ShouldBeFalse();
    }

    // Answers for the shop, collects the caller's 200s, until the condition holds or ten seconds are over.
    private static void Pump(
        Socket carrier, Socket shop, IPEndPoint node, Dictionary<string, string> oks, Func<bool> isDone)
    {
        var buffer = new byte[8192];
        var deadline = Environment.TickCount64 + 10_000;
        while (!isDone() && Environment.TickCount64 < deadline)
        {
            while (shop.Poll(1000, SelectMode.SelectRead))
                AnswerAsShop(shop, node, Encoding.ASCII.GetString(buffer, 0, shop.Receive(buffer)));
            while (carrier.Poll(1000, SelectMode.SelectRead))
            {
                var text = Encoding.ASCII.GetString(buffer, 0, carrier.Receive(buffer));
                var isOk = text.StartsWith("SIP/2.0 200", StringComparison.Ordinal);
                if (isOk && text.Contains("CSeq: 1 INVITE", StringComparison.Ordinal))
                    oks[Header(text, "Call-ID")] = text;
            }
        }
    }

    private static void AnswerAsShop(Socket shop, IPEndPoint node, string request)
    {
        var method = request[..request.IndexOf(' ')];
        if (method is "SIP/2.0" or "ACK") return;
        var isInvite = method == "INVITE";
        var port = ((IPEndPoint)shop.LocalEndPoint!).Port;
        var to = Header(request, "To");
        if (!to.Contains(";tag=", StringComparison.Ordinal)) to += ";tag=shop";
        var body = isInvite ? Sdp : "";
        var type = isInvite ? "Content-Type: application/sdp\r\n" : "";
        shop.SendTo(
            TwoWorkers.Ascii($"SIP/2.0 200 OK\r\nVia: {Header(request, "Via")}\r\nFrom: {Header(request, "From")}\r\n" +
                $"To: {to}\r\n" +
                $"Call-ID: {Header(request, "Call-ID")}\r\nCSeq: {Header(request, "CSeq")}\r\n" +
                $"Contact: <sip:shop@127.0.0.1:{port}>\r\n{type}Content-Length: {body.Length}\r\n\r\n{body}"),
            node);
    }

    private static string Invite(int i, int port) =>
        $"INVITE sip:0120000001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-{i};rport\r\n" +
        $"Max-Forwards: 70\r\nFrom: <sip:031111{i:D4}@127.0.0.1>;tag=f{i}\r\nTo: <sip:0120000001@127.0.0.1>\r\n" +
        $"Call-ID: call-{i}\r\nCSeq: 1 INVITE\r\nContact: <sip:c@127.0.0.1:{port}>\r\n" +
        $"Content-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}";

    private static string InDialog(string ok, string method, int cseq) =>
        $"{method} sip:node SIP/2.0\r\n" +
        $"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK-{method}-{Header(ok, "Call-ID")};rport\r\n" +
        $"Max-Forwards: 70\r\nFrom: {Header(ok, "From")}\r\nTo: {Header(ok, "To")}\r\n" +
        $"Call-ID: {Header(ok, "Call-ID")}\r\n" +
        $"CSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n";

    private static string Header(string text, string name) =>
        Regex.Match(text, $"(?m)^{name}: (.*?)\r$").Groups[1].Value;

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 1 << 20;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static IpEndpoint EndpointOf(Socket socket) => TwoWorkers.At(((IPEndPoint)socket.LocalEndPoint!).Port);
}
