using System.Text;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

/// <summary>
/// Tricks with case, white space, repetition and odd bytes, by which one hop is made to read a message otherwise than
/// the next: each has one decided outcome. In the tables, ~0 is a NUL, ~r a bare CR, ~v a vertical tab, ~d a DEL.
/// </summary>
public sealed class SmugglingTests
{
    [Theory]
    [InlineData("Content-Length: 0", "Content-Length: 0\nContent-Length: 0", SipParseResult.DuplicateSingle)]
    [InlineData("Content-Length: 0", "Content-Length: 0\nl: 5", SipParseResult.DuplicateSingle)]
    [InlineData("Content-Length: 0", "L: 0\ncontent-length : 0", SipParseResult.DuplicateSingle)]
    [InlineData("Content-Length: 0", "Content-Length: +0", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: -1", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0x0", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0, 0", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0 0", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0;x", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length:", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 4294967296", SipParseResult.BadContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0~0", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Subject: a~0Content-Length: 5", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Subject: a~rContent-Length: 5", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Subject: a~v", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Subject: a~d", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Subj~0ect: a", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Max Forwards: 70", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", ": 70", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Max-Forwards\n: 70", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "(Max-Forwards): 70", SipParseResult.BadHeader)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nMax-Forwards: 0", SipParseResult.DuplicateSingle)]
    [InlineData("Max-Forwards: 70", "f: <sip:second@b>;tag=2", SipParseResult.DuplicateSingle)]
    [InlineData("Max-Forwards: 70", "T: <sip:second@b>", SipParseResult.DuplicateSingle)]
    [InlineData("Max-Forwards: 70", "I: second", SipParseResult.DuplicateSingle)]
    [InlineData("Max-Forwards: 70", "CSEQ: 2 INVITE", SipParseResult.DuplicateSingle)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 invite", SipParseResult.BadCSeq)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 ACK", SipParseResult.BadCSeq)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 INVITE BYE", SipParseResult.BadCSeq)]
    [InlineData("CSeq: 1 INVITE", "CSeq: -1 INVITE", SipParseResult.BadCSeq)]
    [InlineData(";tag=from1", ";tag=from1;tag=from2", SipParseResult.BadFrom)]
    [InlineData(";tag=from1", ";tag=from1;TAG=from2", SipParseResult.BadFrom)]
    [InlineData("To: <sip:0120000111@192.0.2.9>", "To: <sip:a@b>;tag=a;tag=b", SipParseResult.BadTo)]
    [InlineData("z9hG4bKa1", "z9hG4bKa1;branch=z9hG4bKa2", SipParseResult.BadVia)]
    [InlineData("z9hG4bKa1", "z9hG4bKa1;BRANCH=z9hG4bKa2", SipParseResult.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/UDP 192.0.2.1:5060:5061", SipParseResult.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/UDP 192.0.2.1:65536", SipParseResult.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/UDP a@192.0.2.1", SipParseResult.BadVia)]
    [InlineData("INVITE sip:0120000111@192.0.2.9 ", "INVITE  sip:0120000111@192.0.2.9 ", SipParseResult.BadStartLine)]
    [InlineData("INVITE sip:0120000111@192.0.2.9 ", "INVITE sip:0120000111@192.0.2.9\t", SipParseResult.BadStartLine)]
    [InlineData("INVITE sip:0120000111@192.0.2.9 ", "INVITE <sip:0120000111@192.0.2.9> ", SipParseResult.BadUri)]
    [InlineData("INVITE sip:0120000111@192.0.2.9 ", "INVITE sip:01~0@192.0.2.9 ", SipParseResult.BadUri)]
    [InlineData("192.0.2.9 SIP/2.0\n", "192.0.2.9 SIP/2.0\n Via: SIP/2.0/UDP evil\n", SipParseResult.BadHeader)]
    [InlineData("192.0.2.9 SIP/2.0\n", "192.0.2.9 SIP/2.0~0\n", SipParseResult.UnsupportedVersion)]
    public void Trick_InAnInvite_IsRefused(string good, string bad, SipParseResult outcome)
    {
        Parse(good, bad, out _).ShouldBe(outcome);
    }

    [Theory]
    [InlineData("Content-Length: 0", "Content-Length : 0")]
    [InlineData("Content-Length: 0", "CONTENT-LENGTH\t:\t0")]
    [InlineData("Content-Length: 0", "Content-Length:\n  0")]
    [InlineData("Content-Length: 0", "l:0")]
    [InlineData("Content-Length: 0", "Content-Length: 0000")]
    [InlineData("Max-Forwards: 70", "mAX-fORWARDS: 70")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nContent_Length: 99")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nSubject: \"From: <sip:x@y>;tag=1\"")]
    [InlineData("\"Caller\"", "\"<sip:evil@x>;tag=no\"")]
    public void Spelling_ThatTheGrammarAllows_MeansTheSame(string good, string other)
    {
        Parse(good, other, out var message).ShouldBe(SipParseResult.Ok);
        message.Body.IsEmpty.ShouldBeTrue();
        message.MaxForwards.ShouldBe(70);
        Encoding.Latin1.GetString(message.FromTag).ShouldBe("from1");
    }

    [Fact]
    public void ContentLength_ShorterThanTheDatagram_CutsWhatFollows()
    {
        var bytes = Wire.Bytes(Wire.Invite() + "INVITE sip:second@192.0.2.9 SIP/2.0\n\n");
        var message = new SipMessage();
        Wire.TryParse(message, bytes).ShouldBe(SipParseResult.Ok);
        Encoding.Latin1.GetString(message.Bytes).ShouldNotContain("second");
    }

    [Fact]
    public void Via_SecondInTheSameLine_IsNotTheTop()
    {
        Parse("z9hG4bKa1", "z9hG4bKa1, SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKb", out var message)
            .ShouldBe(SipParseResult.Ok);
        message.Count(SipHeaderKind.Via).ShouldBe(2);
        Encoding.Latin1.GetString(message.TopVia.Branch).ShouldBe("z9hG4bKa1");
    }

    private static SipParseResult Parse(string good, string bad, out SipMessage message)
    {
        var text = Wire.Invite();
        text.ShouldContain(good);
        text = text.Replace(good, bad, StringComparison.Ordinal).ReplaceLineEndings("\r\n");
        text = text.Replace("~0", "\0", StringComparison.Ordinal).Replace("~r", "\r", StringComparison.Ordinal)
            .Replace("~v", "\v", StringComparison.Ordinal).Replace("~d", "\x7f", StringComparison.Ordinal);
        message = new SipMessage();
        return Wire.TryParse(message, Encoding.Latin1.GetBytes(text));
    }
}
