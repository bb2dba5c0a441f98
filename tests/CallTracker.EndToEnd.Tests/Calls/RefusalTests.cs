using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Calls;

/// <summary>
/// What is no call: strangers, unknown numbers, bad bytes. The product answers or drops, and goes on.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class RefusalTests(Product product)
{
    private const string NoCall = "0500000000";

    [Fact]
    public async Task Number_Unknown_IsNotFound()
        => await Caller(Scripts.Refused(404), NoCall + "9").SucceedAsync();

    [Fact]
    public async Task Stranger_Calling_GetsNoAnswerAtAll()
    {
        var line = await product.NewLineAsync();
        var caller = line.StartCaller(Scripts.Refused(404),
            new SippCallerOptions { Address = "127.0.0.2", LimitSec = 4 });
        (await caller.ExitAsync()).ShouldNotBe(0);
        caller.Messages.ShouldContain("INVITE sip:");
        caller.Messages.ShouldNotContain("SIP/2.0 1");
        caller.Messages.ShouldNotContain("SIP/2.0 4");
        (await product.RowsAsync(line.DinId)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("video")]
    [InlineData("junk")]
    public async Task Offer_WithoutAudio_IsNotAcceptable(string offer)
    {
        var line = await product.NewLineAsync();
        await line.StartCaller($"send INVITE {offer}\nrecv 100?\nrecv 488\nsend ACK refusal\n").SucceedAsync();
        (await line.RowAsync()).SipCode.ShouldBe(488);
    }

    [Fact]
    public async Task Invite_WithoutHopsLeft_IsRefused()
    {
        var line = await product.NewLineAsync();
        await line.StartCaller("send INVITE hop\nrecv 100?\nrecv 483\nsend ACK refusal\n").SucceedAsync();
    }

    [Fact]
    public async Task Options_OutsideACall_AreAnswered()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = await AskAsync(peer, Request("OPTIONS", "options", "Max-Forwards: 70\r\n"));
        answer.ShouldStartWith("SIP/2.0 200 ");
    }

    [Fact]
    public async Task Method_Unknown_IsRefused()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = await AskAsync(peer, Request("BREW", "brew", "Max-Forwards: 70\r\n"));
        answer.ShouldMatch("^SIP/2.0 (405|501) ");
    }

    [Fact]
    public async Task Request_Malformed_IsABadRequest()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = await AskAsync(peer, Request("OPTIONS", "bad", "Max-Forwards: 70\r\nContent-Length: x\r\n"));
        answer.ShouldStartWith("SIP/2.0 400 ");
    }

    [Fact]
    public async Task Datagrams_OfAnyKind_LeaveTheNodeAtWork()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var node = product.Pid("node");
        foreach (var datagram in Junk()) await peer.SendAsync(datagram, Node());
        var answer = await AskAsync(peer, Request("OPTIONS", "after", "Max-Forwards: 70\r\n"), "after");
        answer.ShouldStartWith("SIP/2.0 200 ");
        product.Pid("node").ShouldBe(node);

        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    private static IEnumerable<byte[]> Junk()
    {
        var random = new Random(20251121);
        var whole = Encoding.ASCII.GetBytes(Request("INVITE", "junk", "Max-Forwards: 70\r\n"));
        yield return [];
        yield return [0];
        yield return Encoding.ASCII.GetBytes("\r\n\r\n");
        yield return Encoding.ASCII.GetBytes("SIP/2.0 200 OK\r\n\r\n");
        // The largest that UDP carries.
        yield return [.. whole, .. Enumerable.Repeat((byte)'x', 65_507 - whole.Length)];
        for (var length = 1; length < whole.Length; length += 3) yield return whole[..length];
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var hit = 0; hit < 8; hit++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            yield return bytes;
        }
    }

    private static string Request(string method, string id, string headers)
        => $"{method} sip:{NoCall}8@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-{id};rport\r\n"
            + $"From: <sip:0312345678@127.0.0.1>;tag={id}\r\nTo: <sip:{NoCall}8@127.0.0.1>\r\nCall-ID: {id}@e2e\r\n"
            + $"CSeq: 1 {method}\r\nContact: <sip:a@127.0.0.1:9>\r\n{headers}\r\n";

    // Other answers (to the junk before it) may still be on their way: only that of the asked Call-ID counts.
    private async Task<string> AskAsync(UdpClient peer, string request, string? id = null)
    {
        // A source that no trunk names gets no answer: there must be one, whichever test comes first.
        await product.NewLineAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await peer.SendAsync(Encoding.ASCII.GetBytes(request), Node(), limit.Token);
        while (true)
        {
            var answer = Encoding.ASCII.GetString((await peer.ReceiveAsync(limit.Token)).Buffer);
            if (id is null || answer.Contains($"Call-ID: {id}@e2e")) return answer;
        }
    }

    private IPEndPoint Node() => new(IPAddress.Loopback, product.SipPort);

    private SippRun Caller(string script, string number)
        => SippRun.StartCaller(product, script, number, new SippCallerOptions());
}
