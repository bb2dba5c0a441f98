using System.Text;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

public sealed class SipMessageRefusalTests
{
    [Theory]
    [InlineData("From: ", "X-From: ", SipParseResult.MissingMandatory, SipHeaderKind.From, false)]
    [InlineData("To: ", "X-To: ", SipParseResult.MissingMandatory, SipHeaderKind.To, false)]
    [InlineData("Call-ID: ", "X-Call-ID: ", SipParseResult.MissingMandatory, SipHeaderKind.CallId, false)]
    [InlineData("CSeq: ", "X-CSeq: ", SipParseResult.MissingMandatory, SipHeaderKind.CSeq, false)]
    [InlineData("Via: ", "X-Via: ", SipParseResult.MissingMandatory, SipHeaderKind.Via, false)]
    [InlineData("SIP/2.0/UDP 192", "SIP/2.0/UDP/192", SipParseResult.BadVia, SipHeaderKind.Via, false)]
    [InlineData(";branch=", ";;branch=", SipParseResult.BadVia, SipHeaderKind.Via, true)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1INVITE", SipParseResult.BadCSeq, SipHeaderKind.CSeq, true)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 2147483648 INVITE", SipParseResult.BadCSeq, SipHeaderKind.CSeq, true)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE", SipParseResult.BadCSeq, SipHeaderKind.CSeq, true)]
    [InlineData("Forwards: 70", "Forwards: 256", SipParseResult.BadMaxForwards, SipHeaderKind.MaxForwards, true)]
    [InlineData("Max-Forwards: 70", "CSeq: 1 INVITE", SipParseResult.DuplicateSingle, SipHeaderKind.CSeq, true)]
    [InlineData("Max-Forwards: 70", "Max Forwards: 70", SipParseResult.BadHeader, SipHeaderKind.Other, true)]
    [InlineData("Max-Forwards: 70", "no header at all", SipParseResult.BadHeader, SipHeaderKind.Other, true)]
    [InlineData("Call-ID: call1", "Call-ID: call 1", SipParseResult.BadHeader, SipHeaderKind.CallId, true)]
    [InlineData("Contact: <", "Contact: \"<", SipParseResult.BadHeader, SipHeaderKind.Contact, true)]
    [InlineData("To: <sip", "To: <", SipParseResult.BadTo, SipHeaderKind.To, true)]
    [InlineData("tag=from1", "tag=\"from1", SipParseResult.BadFrom, SipHeaderKind.From, true)]
    [InlineData("sip:0120000111@192.0.2.9 ", "sip:%2@192.0.2.9 ", SipParseResult.BadUri, SipHeaderKind.Other, true)]
    [InlineData(" SIP/2.0\nVia", " SIP/3.0\nVia", SipParseResult.UnsupportedVersion, SipHeaderKind.Other, true)]
    [InlineData(" SIP/2.0\nVia", " HTTP/1.1\nVia", SipParseResult.BadStartLine, SipHeaderKind.Other, true)]
    [InlineData("INVITE sip", "INV@TE sip", SipParseResult.BadStartLine, SipHeaderKind.Other, false)]
    [InlineData("Length: 0", "Length: 1", SipParseResult.BodyTruncated, SipHeaderKind.ContentLength, true)]
    [InlineData("Length: 0\n\n", "Length: 0\n", SipParseResult.HeadersTruncated, SipHeaderKind.Other, true)]
    public void Invite_WithOneFault_NamesItAndSaysWhetherItCanBeAnswered(
        string good, string bad, SipParseResult result, SipHeaderKind culprit, bool canAnswer)
    {
        var text = Wire.Invite();
        text.ShouldContain(good);
        var message = new SipMessage();

        Wire.TryParse(message, Wire.Bytes(text.Replace(good, bad, StringComparison.Ordinal))).ShouldBe(result);
        message.Culprit.ShouldBe(culprit);
        message.CanAnswer.ShouldBe(canAnswer);
    }

    [Theory]
    [InlineData("", SipParseResult.TooShort)]
    [InlineData("\r\n\r\n", SipParseResult.KeepAlive)]
    [InlineData("INVITE sip:a@b SIP/2.0", SipParseResult.TooShort)]
    [InlineData("SIP/2.0 99 Low\r\n\r\n", SipParseResult.BadStartLine)]
    [InlineData("SIP/2.0 700 High\r\n\r\n", SipParseResult.BadStartLine)]
    [InlineData("SIP/2.0 2000 Long\r\n\r\n", SipParseResult.BadStartLine)]
    [InlineData("SIP/2.1 200 OK\r\n\r\n", SipParseResult.UnsupportedVersion)]
    public void Datagram_WithoutUsableStart_IsRefused(string text, SipParseResult result)
    {
        var message = new SipMessage();
        Wire.TryParse(message, Encoding.Latin1.GetBytes(text)).ShouldBe(result);
        message.CanAnswer.ShouldBeFalse();
    }

    [Fact]
    public void BareCr_InsideAHeader_IsRefusedAsSmuggling()
    {
        var bytes = Wire.Bytes(Wire.Request("OPTIONS", extra: "Subject: one#Injected: two\n"));
        bytes[bytes.AsSpan().IndexOf((byte)'#')] = (byte)'\r';

        Wire.TryParse(new SipMessage(), bytes).ShouldBe(SipParseResult.BadHeader);
    }

    [Theory]
    [InlineData(128, SipParseResult.Ok)]
    [InlineData(129, SipParseResult.TooManyHeaders)]
    public void HeaderCount_AtItsBound_IsTheLast(int count, SipParseResult result)
    {
        // The request has seven headers of its own.
        var extra = string.Concat(Enumerable.Repeat("X-A: 1\n", count - 7));
        Wire.TryParse(new SipMessage(), Wire.Bytes(Wire.Request("OPTIONS", extra: extra))).ShouldBe(result);
    }

    [Fact]
    public void AddressList_WithMoreValuesThanTheTable_IsRefused()
    {
        var extra = "Contact: " + string.Join(',', Enumerable.Repeat("<sip:a@b>", 200)) + "\n";
        var message = new SipMessage();

        var bytes = Wire.Bytes(Wire.Request("OPTIONS", extra: extra));
        Wire.TryParse(message, bytes).ShouldBe(SipParseResult.TooManyHeaders);
        message.HeaderCount.ShouldBe(SipMessage.HeaderCountMax);
    }

    [Theory]
    [InlineData(SipMessage.LengthMax, SipParseResult.Ok)]
    [InlineData(SipMessage.LengthMax + 1, SipParseResult.TooLong)]
    public void Length_AtItsBound_IsTheLast(int length, SipParseResult result)
    {
        var bytes = Wire.Bytes(Wire.Request("OPTIONS"));
        Array.Resize(ref bytes, length);
        new SipMessage().Parse(bytes, 0, length).ShouldBe(result);
    }

    [Fact]
    public void Ack_WhenMalformed_IsNeverAnswered()
    {
        var message = new SipMessage();
        var text = Wire.Request("ACK").Replace("Max-Forwards: 70", "Max-Forwards: x", StringComparison.Ordinal);

        Wire.TryParse(message, Wire.Bytes(text)).ShouldBe(SipParseResult.BadMaxForwards);
        message.CanAnswer.ShouldBeFalse();
    }
}
