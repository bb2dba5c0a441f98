using System.Text;
using CallTracker.Sip.Framing;
using CallTracker.Sip.Parsing;

namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>
/// The stream framer: the same bytes give the same frames however they come, and a framed message ends where the
/// parser ends it. One thread.
/// </summary>
internal sealed class StreamFramingFuzzTarget : IFuzzTarget
{
    private static readonly int[] ChunkLengths = [1, 2, 3, 7, 64, 1_000];
    private readonly SipMessage _message = new();

    public string Name => "StreamFraming";

    public IReadOnlyList<string> Pieces { get; } =
    [
        "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\r\n\r", "Content-Length: 5\r\n", "l:0\r\n", "l : 3\r\n",
        "Content-Length:\r\n 4\r\n", "CONTENT-LENGTH: 2147483647\r\n", "L: -1\r\n", "INVITE sip:a SIP/2.0\r\n",
        "SIP/2.0 200 OK\r\n", "BYE sip:b SIP/2.0\r\nl: 0\r\n\r\n", "x: 1\r\n\t2\r\n", "GET / HTTP/1.1\r\n",
        "\u0016\u0003\u0001", " ", ":", "\0", "SIP/", "OPTIONS sip:a SIP/2.0\n", "l: 1\n\nx",
        "Content-Length: 12345678901234567890\r\n",
    ];

    public bool Run(byte[] input)
    {
        var whole = Cut(input, input.Length);
        foreach (var chunkLength in ChunkLengths)
        {
            var pieces = Cut(input, chunkLength);
            if (!pieces.SequenceEqual(whole))
                throw new FuzzException($"In chunks of {chunkLength}: {Show(pieces)}, in one: {Show(whole)}");
        }
        CheckMessages(input, whole);
        return whole.Exists(frame => frame.Frame == StreamFrame.Message);
    }

    private static List<(StreamFrame Frame, int Length)> Cut(byte[] input, int chunkLength)
    {
        var frames = new List<(StreamFrame, int)>();
        var framer = new StreamFramer();
        int taken = 0, available = 0;
        while (true)
        {
            var frame = framer.TryTake(input.AsSpan(taken, available - taken), out var length);
            if (frame == StreamFrame.Partial)
            {
                if (length != 0) throw new FuzzException($"A partial frame takes {length} bytes");
                if (available == input.Length) return frames;
                available = Math.Min(input.Length, available + chunkLength);
                continue;
            }
            frames.Add((frame, length));
            if (length < 0 || length > available - taken) throw new FuzzException($"{frame} takes {length} bytes");
            if (frame.IsLost()) return frames;
            if (length == 0) throw new FuzzException($"{frame} takes nothing");
            taken += length;
        }
    }

    private void CheckMessages(byte[] input, List<(StreamFrame Frame, int Length)> frames)
    {
        var at = 0;
        foreach (var (frame, length) in frames)
        {
            if (frame == StreamFrame.Message)
            {
                var bytes = input[at..(at + length)];
                if (_message.Parse(bytes, 0, length) == SipParseResult.Ok && _message.Length != length)
                    throw new FuzzException($"Framed {length} bytes, parsed {_message.Length}");
            }
            at += length;
        }
    }

    private static string Show(List<(StreamFrame Frame, int Length)> frames)
    {
        var text = new StringBuilder();
        foreach (var (frame, length) in frames) text.Append(frame).Append(' ').Append(length).Append(';');
        return text.ToString();
    }
}
