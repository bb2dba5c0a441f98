using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Which worker a datagram is for.</summary>
public sealed class MessageOwnerTests
{
    private static readonly CallSpread s_four = new(4, gathers: false);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Response_ToOurBranch_GoesToTheWorkerInIt(byte worker)
    {
        var branch = Encoding.ASCII.GetString(new SipTokens(worker, 7).WriteBranch(new byte[SipTokens.BranchLength]));
        var text = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=" + branch +
            "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\n" +
            "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
        MessageOwner.Find(Parse(text), s_four).ShouldBe(new CallOwner(worker));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Request_InADialogOfOurs_GoesToTheWorkerInTheTag(byte worker)
    {
        var tag = new byte[LegTag.Length];
        LegTag.Write(tag, worker, true, 5, "0123456789abcdef"u8);
        var text = Request("BYE", "x", ";tag=" + Encoding.ASCII.GetString(tag));
        MessageOwner.Find(Parse(text), s_four).ShouldBe(new CallOwner(worker));
    }

    [Fact]
    public void InviteCancelAndAck_OfOneCallId_GoToOneWorker()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            var callId = $"call{i}@carrier";
            var owner = MessageOwner.Find(Parse(Request("INVITE", callId, "")), s_four);
            MessageOwner.Find(Parse(Request("CANCEL", callId, "")), s_four).ShouldBe(owner);
            MessageOwner.Find(Parse(Request("ACK", callId, ";tag=other")), s_four).ShouldBe(owner);
            seen.Add(owner.First);
        }
        seen.Count.ShouldBe(4, "the calls are spread over all workers");
    }

    // Between changes one worker has all that was begun lately; a CANCEL may follow a call of before.
    [Theory]
    [InlineData("Gathered", "INVITE", "", 0, -1)]
    [InlineData("Opening", "INVITE", "", 0, 3)]
    [InlineData("Spread", "INVITE", "", 3, -1)]
    [InlineData("Closing", "INVITE", "", 3, 0)]
    [InlineData("Gathered", "CANCEL", "", 0, 3)]
    [InlineData("Opening", "CANCEL", "", 0, 3)]
    [InlineData("Spread", "CANCEL", "", 3, 0)]
    [InlineData("Closing", "CANCEL", "", 3, 0)]
    [InlineData("Gathered", "ACK", ";tag=other", 0, 3)]
    [InlineData("Gathered", "OPTIONS", "", 3, -1)]
    [InlineData("Gathered", "INVITE", ";tag=other", 3, -1)]
    public void NewCall_WithAPhase_IsForTheWorkersThatMayHaveIt(
        string phase, string method, string tag, int first, int other)
    {
        var spread = new CallSpread(4, gathers: true) { Phase = Enum.Parse<SpreadPhase>(phase) };
        var callId = Enumerable.Range(0, 100).Select(i => $"call{i}").First(
            id => MessageOwner.OfCallId(Encoding.ASCII.GetBytes(id), 4) == 3);
        MessageOwner.Find(Parse(Request(method, callId, tag)), spread).ShouldBe(new CallOwner(first, other));
    }

    [Theory]
    [InlineData("Gathered")]
    [InlineData("Opening")]
    [InlineData("Spread")]
    [InlineData("Closing")]
    public void NewCall_WhoseCallIdIsTheFirstWorkers_IsAlwaysItsOwn(string phase)
    {
        var spread = new CallSpread(4, gathers: true) { Phase = Enum.Parse<SpreadPhase>(phase) };
        var callId = Enumerable.Range(0, 100).Select(i => $"call{i}").First(
            id => MessageOwner.OfCallId(Encoding.ASCII.GetBytes(id), 4) == 0);
        MessageOwner.Find(Parse(Request("INVITE", callId, "")), spread).ShouldBe(new CallOwner(0));
        MessageOwner.Find(Parse(Request("CANCEL", callId, "")), spread).ShouldBe(new CallOwner(0));
    }

    [Fact]
    public void Tag_WithAWorkerThatDoesNotExist_StaysInRange()
    {
        var tag = new byte[LegTag.Length];
        LegTag.Write(tag, 200, false, 5, "0123456789abcdef"u8);
        var bye = Parse(Request("BYE", "x", ";tag=" + Encoding.ASCII.GetString(tag)));
        var owner = MessageOwner.Find(bye, new CallSpread(3, gathers: true));
        owner.First.ShouldBeInRange(0, 2);
    }

    private static string Request(string method, string callId, string tag) =>
        $"{method} sip:0120000001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKpeer\r\n" +
        $"Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>{tag}\r\n" +
        $"Call-ID: {callId}\r\nCSeq: 1 {method}\r\n" +
        "Contact: <sip:a@b>\r\nContent-Length: 0\r\n\r\n";

    private static SipMessage Parse(string text)
    {
        var message = new SipMessage();
        var bytes = Encoding.ASCII.GetBytes(text);
        message.Parse(bytes, 0, bytes.Length).ShouldBe(SipParseResult.Ok);
        return message;
    }
}
