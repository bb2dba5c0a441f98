using System.Text;
using CallTracker.Calls.Access;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Time;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Access;

/// <summary>
/// Challenging, checking and answering allocate nothing once warm; the control shows that one object is seen.
/// </summary>
public sealed class AccessAllocationTests
{
    private static readonly ReceivedAt At = new(1_000_000, 1_700_000_000_000);
    private readonly byte[] _buffer = new byte[4096];
    private readonly SipMessage _message = new();

    [Fact]
    public void Control_ThatAllocatesOneObject_IsSeen() =>
        Measure(static () => GC.KeepAlive(new byte[1])).ShouldBeGreaterThan(0);

    [Fact]
    public void Server_ChallengingAndChecking_AllocatesNothing()
    {
        var server = new ServerDigest(new NodeAccess(), 0);
        var trunks = new TrunkTable([AccessTrunks.MakePbx(), AccessTrunks.MakePhone()]);
        Parse(Peer.Invite(headers: "Authorization: Digest username=\"1001\",realm=\"calltracker\",nonce=\"n\","
            + "uri=\"sip:0120000001@127.0.0.1:5060\",response=\"0123456789abcdef0123456789abcdef\"\r\n"));
        Measure(() =>
        {
            var writer = new SipWriter(_buffer);
            server.WriteChallenges(ref writer, null, AccessTrunks.Phone, isStale: false, At.NowMs);
            server.Check(_message, AccessTrunks.Phone, trunks, At, out _);
        }).ShouldBe(0);
        server.Counters.Denied.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Client_LearningAndAnswering_AllocatesNothing()
    {
        var client = new ClientDigest();
        var trunk = AccessTrunks.MakeRegistrar();
        Parse("SIP/2.0 401 No\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
            + $"Call-ID: c\r\nCSeq: 1 BYE\r\n{DigestPeer.Challenge("n1")}Content-Length: 0\r\n\r\n");
        var isWritten = false;
        Measure(() =>
        {
            client.TryLearn(_message, trunk, "0123456789abcdef"u8, out _);
            var writer = new SipWriter(_buffer);
            writer.RequestLine("BYE"u8, "sip:a@b"u8);
            var before = writer.Length;
            client.WriteForeseen(ref writer, trunk);
            isWritten = writer.Length > before;
        }).ShouldBe(0);
        isWritten.ShouldBeTrue();
    }

    private void Parse(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        _message.Parse(bytes, 0, bytes.Length).ShouldBe(SipParseResult.Ok);
    }

    private static long Measure(Action round) => Allocations.Of(round);
}
