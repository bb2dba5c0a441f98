using System.Text;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

/// <summary>Every prefix, every byte changed, and random mutations against the reference parser.</summary>
public sealed class SipMessageFuzzTests
{
    private const int MutationCount = 30_000;
    private static readonly byte[] Odd = Encoding.Latin1.GetBytes("\r\n \t\0:;,<>\"\\@%[]=/?(){}0aZ\u007f\u00ff");
    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r\n ", ": ", ";tag=", "\"", "<sip:a@b>", "SIP/2.0", "Via: ", "v:", "t: sip:a@b\r\n", ",", "%41",
        ";branch=z9hG4bK", "[::1]:5060", "\r\n\r\n", "Content-Length: 5\r\n", "l: 0\r\n", "sips:", "tel:+81", "*",
    ];

    public static TheoryData<string> Seeds()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.GetFiles(Corpus.Path("Torture"), "*.dat")) data.Add(Path.GetFileName(file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prefix_OfAnyLength_IsReadWithoutThrowing(string file)
    {
        var bytes = Load(file);
        var message = new SipMessage();
        for (var length = 0; length <= bytes.Length; length++)
        {
            // A buffer of its own, so that a read beyond the end throws.
            Touch(message, message.Parse(bytes[..length], 0, length));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Message_WithAnyByteChanged_AgreesWithTheReference(string file)
    {
        var bytes = Load(file);
        // The long message repeats itself; its every seventh byte says as much.
        var step = bytes.Length > 2_000 ? 7 : 1;
        for (var i = 0; i < bytes.Length; i += step)
        {
            var mutated = (byte[])bytes.Clone();
            mutated[i] = Odd[i % Odd.Length];
            Compare(mutated, $"{file} byte {i}");
        }
    }

    [Fact]
    public void Mutations_FromARandomSeed_AgreeWithTheReference()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var corpus = Directory.GetFiles(Corpus.Path("Torture"), "*.dat").Select(File.ReadAllBytes)
            .Append(Wire.Bytes(Wire.Invite())).Append(Wire.Bytes(Wire.Response(Wire.Invite(), 200))).ToArray();
        for (var i = 0; i < MutationCount; i++)
        {
            var bytes = corpus[random.Next(corpus.Length)];
            if (bytes.Length > 2_000) continue;
            var rounds = random.Next(1, 5);
            while (rounds-- > 0) bytes = Mutate(bytes, random);
            Compare(bytes, $"seed {seed} round {i}");
        }
    }

    private static byte[] Load(string file) => File.ReadAllBytes(Corpus.Path($"Torture/{file}"));

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        switch (random.Next(5))
        {
            case 0:
                var piece = Encoding.Latin1.GetBytes(Pieces[random.Next(Pieces.Length)]);
                return [.. bytes[..at], .. piece, .. bytes[at..]];
            case 1:
                var end = Math.Min(bytes.Length, at + random.Next(12));
                return [.. bytes[..at], .. bytes[end..]];
            case 2 when at < bytes.Length:
                var changed = (byte[])bytes.Clone();
                changed[at] = random.Next(2) == 0 ? Odd[random.Next(Odd.Length)] : (byte)random.Next(256);
                return changed;
            case 3:
                var from = random.Next(bytes.Length + 1);
                var length = Math.Min(random.Next(40), bytes.Length - from);
                return [.. bytes[..at], .. bytes[from..(from + length)], .. bytes[at..]];
            default:
                return bytes[..at].Length == 0 ? bytes : bytes[..Math.Max(1, bytes.Length - random.Next(3))];
        }
    }

    private static void Compare(byte[] bytes, string what)
    {
        var reference = ReferenceParser.Parse(bytes);
        var message = new SipMessage();
        var result = message.Parse((byte[])bytes.Clone(), 0, bytes.Length);
        Touch(message, result);
        if ((result == SipParseResult.Ok) != (reference is not null))
            throw new InvalidOperationException($"{what}: {result}, reference {reference}\n{Wire.Text(bytes)}");
        if (reference is null) return;
        var actual = new ReferenceMessage(
            message.IsRequest ? Wire.Text(message.MethodText) : "", Wire.Text(message.RequestUri), message.StatusCode,
            Wire.Text(message.Body), Wire.Text(message.FromTag), Wire.Text(message.ToTag), message.CSeqNumber,
            Wire.Text(message.CSeqMethodText))
        {
            Headers = reference.Headers,
        };
        actual.ShouldBe(reference, what);
        var headers = new List<(string Name, string Value)>();
        foreach (var header in message.Headers)
            headers.Add((Wire.Text(header.Name).ToLowerInvariant(), Flat(Wire.Text(header.Value))));
        headers.ShouldBe(reference.Headers.Select(header => (header.Name, Flat(header.Value))), what);
    }

    // A fold is two spaces here and one there; both are the same white space.
    private static string Flat(string value) =>
        string.Join(' ', value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    // Every accessor, whatever the result was.
    private static void Touch(SipMessage message, SipParseResult result)
    {
        message.Result.ShouldBe(result);
        var sum = message.RequestUri.Length + message.ReasonPhrase.Length + message.CallId.Length + message.Body.Length;
        sum += message.TopVia.Branch.Length + message.TopVia.Received.Length + message.FromTag.Length;
        sum += message.Bytes.Length + message.MaxForwards + message.StatusCode + message.ContentType.Length;
        Span<char> digits = stackalloc char[32];
        Span<byte> user = stackalloc byte[64];
        if (SipUriView.TryParse(message.RequestUri, out var uri))
        {
            uri.TryGetNumber(digits, out _);
            uri.TryUnescapeUser(user, out _);
            uri.TryGetEndpoint(out _);
        }
        foreach (var header in message.Headers)
        {
            if (NameAddrView.TryParse(header.Value, out var address)) sum += address.Tag.Length;
            if (SipViaView.TryParse(header.Value, out var via)) sum += via.MAddr.Length;
        }
        message.TryFind("x-none"u8, out _).ShouldBeFalse();
        sum.ShouldBeGreaterThanOrEqualTo(-1);
    }
}
