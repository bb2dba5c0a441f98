using System.Buffers.Binary;
using System.Net;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;

namespace CallTracker.Core.Tests.Net;

/// <summary>Prefixes, mutations and random addresses, each judged by the slow reference.</summary>
public sealed class IpAddressTextFuzzTests
{
    private const string Alphabet = "0123456789abcdefABCDEF::::....0000g% [x-";
    private static readonly string[] Seeds =
    [
        "::", "::1", "1::", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.128",
        "1:2:3:4:5:6:1.2.3.4",
        "fe80::1:0:0:1", "0000:0000:0000:0000:0000:ffff:255.255.255.255", "192.0.2.1", "255.255.255.255",
        "1:2:3:4:5:6:7::",
    ];

    [Fact]
    public void TryParseAddress_EveryPrefixAndSuffix_AgreesWithTheReference()
    {
        foreach (var seed in Seeds)
        {
            var text = Encoding.ASCII.GetBytes(seed);
            for (var i = 0; i <= text.Length; i++)
            {
                Compare(text.AsSpan(0, i));
                Compare(text.AsSpan(i));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryParseAddress_Mutated_AgreesWithTheReference(int seed)
    {
        var random = new Random(seed);
        var accepted = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = Encoding.ASCII.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
            for (var times = random.Next(1, 4); times > 0; times--) Mutate(random, text);
            if (Compare(text.ToArray())) accepted++;
        }
        accepted.ShouldBeGreaterThan(4000, "mutations that are all refused prove little");
    }

    [Fact]
    public void TryParseAddress_AnyBytes_NeverThrows()
    {
        var random = new Random(4);
        var text = new byte[60];
        for (var i = 0; i < 40_000; i++)
        {
            random.NextBytes(text);
            if (i % 2 == 0) text[random.Next(60)] = (byte)':';
            Compare(text.AsSpan(0, random.Next(60)));
        }
    }

    [Fact]
    public void FormatAddress_EveryPatternOfZeroGroups_IsCanonicalAndReadsBack()
    {
        var random = new Random(5);
        for (var pattern = 0; pattern < 256; pattern++)
        {
            for (var width = 1; width <= 4; width++) RoundTrip(Groups(random, pattern, width));
        }
        for (var i = 0; i < 5000; i++)
        {
            var four = new byte[4];
            random.NextBytes(four);
            RoundTrip([.. new byte[10], 255, 255, .. four]);
        }
    }

    private static bool Compare(ReadOnlySpan<byte> text)
    {
        var expected = SlowAddressText.Read(text);
        var accepted = IpEndpoint.TryParseAddress(text, 7, out var endpoint);
        if (accepted != expected is not null)
            Assert.Fail($"'{Encoding.Latin1.GetString(text)}': accepted {accepted}, the reference says otherwise");
        if (expected is not null) Bytes(endpoint).ShouldBe(expected, Encoding.Latin1.GetString(text));
        return accepted;
    }

    private static void RoundTrip(byte[] address)
    {
        var endpoint = IpEndpoint.From(new IPAddress(address), 9);
        Span<byte> buffer = stackalloc byte[IpEndpoint.TextLengthMax];
        var written = buffer[..endpoint.FormatAddress(buffer)];
        var text = Encoding.ASCII.GetString(written);
        text.ShouldBe(SlowAddressText.Write(address));
        IPAddress.Parse(text).MapToIPv6().GetAddressBytes().ShouldBe(address);
        IpEndpoint.TryParseAddress(written, 9, out var again).ShouldBeTrue();
        again.ShouldBe(endpoint);
    }

    private static byte[] Groups(Random random, int pattern, int hexDigits)
    {
        var address = new byte[16];
        for (var i = 0; i < 8; i++)
        {
            if ((pattern & (1 << i)) == 0) continue;
            var group = random.Next(1 << (4 * (hexDigits - 1)), 1 << (4 * hexDigits));
            BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2 * i), (ushort)group);
        }
        return address;
    }

    private static void Mutate(Random random, List<byte> text)
    {
        var at = random.Next(text.Count + 1);
        var letter = (byte)Alphabet[random.Next(Alphabet.Length)];
        if (random.Next(3) == 0) text.Insert(at, letter);
        else if (at < text.Count && random.Next(2) == 0) text.RemoveAt(at);
        else if (at < text.Count) text[at] = letter;
    }

    private static byte[] Bytes(in IpEndpoint endpoint)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, endpoint.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), endpoint.Low);
        return bytes;
    }
}
