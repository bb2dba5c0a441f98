using System.Text;
using CallTracker.Sip.Framing;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Tests.Framing;

/// <summary>Where messages end in a stream of bytes, however the bytes come.</summary>
public sealed class StreamFramerTests
{
    private const string Body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n\r\nINVITE sip:inner SIP/2.0\r\n";
    private static readonly string Invite = Message("INVITE sip:0120@192.0.2.9 SIP/2.0", "Content-Length", Body);
    private static readonly string Bye = Message("BYE sip:0120@192.0.2.9 SIP/2.0", "l ", "");
    private static readonly string Ok = Message("SIP/2.0 200 OK", "CONTENT-LENGTH", "x");
    private static readonly string Folded = Message("OPTIONS sip:a SIP/2.0", "Content-Length:\r\n \t", "abc");
    private static readonly string BareLf = Ok.Replace("\r\n", "\n", StringComparison.Ordinal);

    [Fact]
    public void Message_EveryPrefix_IsPartialUntilTheLastByte()
    {
        foreach (var text in new[] { Invite, Bye, Ok, Folded, BareLf })
        {
            var bytes = Encoding.ASCII.GetBytes(text);
            for (var length = 0; length < bytes.Length; length++)
            {
                new StreamFramer().TryTake(bytes.AsSpan(0, length), out var none).ShouldBe(StreamFrame.Partial);
                none.ShouldBe(0);
            }
            new StreamFramer().TryTake(bytes, out var taken).ShouldBe(StreamFrame.Message);
            taken.ShouldBe(bytes.Length);
        }
    }

    [Fact]
    public void Stream_InAnyChunks_GivesTheSameFrames()
    {
        var stream = Encoding.ASCII.GetBytes(
            "\r\n" + Invite + "\r\n\r\n" + Bye + "\n" + Folded + Ok + BareLf + "\r\n\r\n\r\n" + Invite);
        var expected = Cut(stream, [stream.Length]);
        expected.Count(f => f.Frame == StreamFrame.Message).ShouldBe(6);
        expected.Count(f => f.Frame == StreamFrame.Ping).ShouldBe(2);
        Cut(stream, [.. Enumerable.Repeat(1, stream.Length)]).ShouldBe(expected);
        var random = new Random(20261122);
        for (var round = 0; round < 300; round++)
        {
            var chunks = Enumerable.Range(0, stream.Length).Select(_ => random.Next(1, 40)).ToArray();
            Cut(stream, chunks).ShouldBe(expected, $"round {round}");
        }
    }

    [Fact]
    public void Message_Framed_EndsWhereTheParserEndsIt()
    {
        foreach (var text in new[] { Invite, Bye, Ok, Folded, BareLf })
        {
            var bytes = Encoding.ASCII.GetBytes(text + Invite);
            new StreamFramer().TryTake(bytes, out var length).ShouldBe(StreamFrame.Message);
            var message = new SipMessage();
            message.Parse(bytes, 0, bytes.Length).ShouldBe(SipParseResult.Ok);
            message.Length.ShouldBe(length);
        }
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002", StreamFrame.Garbage)]
    [InlineData(" INVITE sip:a SIP/2.0\r\n", StreamFrame.Garbage)]
    [InlineData("GET / HTTP/1.1\r\n", StreamFrame.Garbage)]
    [InlineData("INVITE\r\n", StreamFrame.Garbage)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", StreamFrame.Garbage)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n", StreamFrame.NoContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 1x\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length:\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\n 2\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nl: 0\r\nContent-Length: 0\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n", StreamFrame.BadContentLength)]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 65535\r\n\r\n", StreamFrame.MessageTooLong)]
    [InlineData("OPTIONS sip:a SIP/7.0\r\nContent-Length: 0\r\n\r\n", StreamFrame.Message)]
    public void Stream_ThatBreaksTheRules_IsToldApart(string text, StreamFrame expected)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var frame = new StreamFramer().TryTake(bytes, out var length);
        frame.ShouldBe(expected);
        // What can still be answered gives its head; noise gives nothing.
        length.ShouldBe(expected == StreamFrame.Garbage ? 0 : bytes.Length);
        frame.IsLost().ShouldBe(expected != StreamFrame.Message);
        LastOf(bytes).ShouldBe(expected, "one byte at a time");
    }

    [Fact]
    public void Head_WithoutEnd_IsRefusedAtTheBound()
    {
        var head = Encoding.ASCII.GetBytes("OPTIONS sip:a SIP/2.0\r\nSubject: " + new string('a', 2000));
        var framer = new StreamFramer(headBytesMax: 1000);
        framer.TryTake(head.AsSpan(0, 1000), out _).ShouldBe(StreamFrame.Partial);
        framer.TryTake(head.AsSpan(0, 1001), out _).ShouldBe(StreamFrame.HeadTooLong);
        var manyLines = string.Concat(Enumerable.Repeat("A: b\r\n", 300));
        var lines = Encoding.ASCII.GetBytes("OPTIONS sip:a SIP/2.0\r\n" + manyLines);
        new StreamFramer(headBytesMax: 1000).TryTake(lines, out _).ShouldBe(StreamFrame.HeadTooLong);
    }

    [Fact]
    public void StartLine_WithoutEnd_IsGarbageAtTheBound()
    {
        var line = Encoding.ASCII.GetBytes("OPTIONS sip:" + new string('a', StreamFramer.StartLineBytesMax));
        new StreamFramer().TryTake(line.AsSpan(0, 4096), out _).ShouldBe(StreamFrame.Partial);
        new StreamFramer().TryTake(line, out _).ShouldBe(StreamFrame.Garbage);
    }

    [Fact]
    public void LineEnds_AloneOnTheStream_AreNoUnfinishedMessage()
    {
        var framer = new StreamFramer();
        framer.TryTake("\r\n"u8, out _).ShouldBe(StreamFrame.Partial);
        framer.IsInsideMessage.ShouldBeFalse();
        framer.TryTake("I"u8, out _).ShouldBe(StreamFrame.Partial);
        framer.IsInsideMessage.ShouldBeTrue();
    }

    [Fact]
    public void Noise_OfAnySeed_NeverTakesMoreThanIsThere()
    {
        var random = new Random(4711);
        var alphabet = "INVITE sip:a SIP/2.0\r\n\r\nl: 5:\t\0\u00ffContent-Length"u8.ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var bytes = new byte[random.Next(0, 200)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = alphabet[random.Next(alphabet.Length)];
            var framer = new StreamFramer();
            var rest = bytes.AsSpan();
            while (framer.TryTake(rest, out var length) is var frame && frame is not StreamFrame.Partial
                && !frame.IsLost())
            {
                length.ShouldBeInRange(1, rest.Length);
                rest = rest[length..];
            }
        }
    }

    private static StreamFrame LastOf(byte[] bytes)
    {
        var framer = new StreamFramer();
        var frame = StreamFrame.Partial;
        for (var length = 1; length <= bytes.Length && frame == StreamFrame.Partial; length++)
            frame = framer.TryTake(bytes.AsSpan(0, length), out _);
        return frame;
    }

    private static List<(StreamFrame Frame, int Start, int Length)> Cut(byte[] stream, int[] chunks)
    {
        var framer = new StreamFramer();
        var frames = new List<(StreamFrame, int, int)>();
        int start = 0, end = 0;
        foreach (var chunk in chunks)
        {
            end = Math.Min(stream.Length, end + chunk);
            StreamFrame frame;
            while ((frame = framer.TryTake(stream.AsSpan(start..end), out var length)) != StreamFrame.Partial)
            {
                frame.IsLost().ShouldBeFalse();
                frames.Add((frame, start, length));
                start += length;
            }
        }
        start.ShouldBe(stream.Length);
        return frames;
    }

    private static string Message(string startLine, string lengthName, string body)
    {
        var colon = lengthName.Contains(':', StringComparison.Ordinal) ? "" : ": ";
        var method = startLine.StartsWith("SIP", StringComparison.Ordinal) ? "INVITE" : startLine.Split(' ')[0];
        return $"{startLine}\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
            + $"To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 {method}\r\nSubject: a\r\n b\r\n"
            + $"{lengthName}{colon}{body.Length}\r\nX-Last: 1\r\n\r\n{body}";
    }
}
