using System.Text;
using CallTracker.Core.Net;
using CallTracker.Media.Ice;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Ice;

/// <summary>STUN's bytes: the vectors of RFC 5769, and what is none.</summary>
public sealed class StunTests : IDisposable
{
    // RFC 5769 section 2.1
    private static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae"
        + "802200105354554e207465737420636c69656e74" + "002400046e0001ff" + "80290008932ff9b151263b36"
        + "00060009" + "6576746a3a68367659202020" + "00080014" + "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
        + "80280004e57a3bcf");
    // Sections 2.2 and 2.3
    private static readonly byte[] Response4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae" + "8022000b7465737420766563746f7220"
        + "002000080001a147e112a643" + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" + "80280004c07d4c96");
    private static readonly byte[] Response6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae" + "8022000b7465737420766563746f7220"
        + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41" + "80280004c8fb0b4c");
    private readonly StunIntegrity _integrity = new();

    private static ReadOnlySpan<byte> Password => "VOkJxbRl1RmTxUk/WvJxBt"u8;

    public void Dispose() => _integrity.Dispose();

    [Fact]
    public void Request_OfTheRfc_IsReadAndAuthentic()
    {
        StunRequest.TryRead(Request, out var request).ShouldBeTrue();
        Encoding.ASCII.GetString(request.Username).ShouldBe("evtj:h6vY");
        (request.IsControlled, request.IsNominating, request.Unknown).ShouldBe((true, false, (ushort)0));
        _integrity.Holds(request, Password).ShouldBeTrue();
        _integrity.Holds(request, "VOkJxbRl1RmTxUk/WvJxBT"u8).ShouldBeFalse();
    }

    [Fact]
    public void Codes_OfTheRfcsResponses_AreThoseWeCompute()
    {
        Span<byte> code = stackalloc byte[20];
        foreach (var response in new[] { Response4, Response6 })
        {
            var before = response[..^32];
            _integrity.Compute(before, Password, code);
            Convert.ToHexString(code).ShouldBe(Convert.ToHexString(IcePeer.Find(response, 0x0008)!));
            StunRequest.FingerprintOf(response.AsSpan(0, response.Length - 8)).ToString("x8")
                .ShouldBe(Convert.ToHexStringLower(IcePeer.Find(response, 0x8028)!));
        }
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677")]
    public void Success_ToTheRfcsRequest_TellsTheAddressAsTheRfcDoes(string address)
    {
        var source = RelayHarness.Endpoint(address, 32853);
        StunRequest.TryRead(Request, out var request).ShouldBeTrue();
        var answer = new byte[StunResponse.BytesMax];
        answer = answer[..StunResponse.WriteSuccess(request, source, Password, _integrity, answer)];
        new IcePeer("evtj", "VOkJxbRl1RmTxUk/WvJxBt").IsAuthentic(answer).ShouldBeTrue();
        answer.AsSpan(4, 16).SequenceEqual(Request.AsSpan(4, 16)).ShouldBeTrue();
        IcePeer.Find(answer, 0x0020).ShouldBe(IcePeer.Find(source.IsIpv4 ? Response4 : Response6, 0x0020));
    }

    [Fact]
    public void Request_CutOrChangedAnywhere_IsNotTaken()
    {
        for (var length = 0; length < Request.Length; length++)
            StunRequest.TryRead(Request.AsSpan(0, length), out _).ShouldBeFalse($"cut at {length}");
        for (var i = 0; i < Request.Length * 8; i++)
        {
            var changed = Request.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            (StunRequest.TryRead(changed, out var request) && request.IsIntact).ShouldBeFalse($"bit {i}");
        }
    }

    // The checksum is right here: what lies is the structure.
    [Fact]
    public void Request_WithAnyLengthsInside_IsReadWithinItsBounds()
    {
        var random = new Random(11);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var message = Request[..(20 + (4 * random.Next(0, 20)))].ToList();
            for (var n = 0; n < 3 && message.Count > 20; n++)
                message[random.Next(20, message.Count)] = (byte)random.Next(0, 40);
            IcePeer.Seal(message, "x"u8.ToArray());
            if (!StunRequest.TryRead(message.ToArray(), out var request)) continue;
            taken++;
            request.IsIntact.ShouldBeTrue();
            request.Integrity.Length.ShouldBe(20);
            request.Username.IsEmpty.ShouldBeFalse();
        }
        taken.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Request_LongerThanACheck_IsNotTaken()
    {
        var name = new string('a', StunRequest.BytesMax);
        StunRequest.TryRead(new IcePeer("a", "b").Check(name: name), out _).ShouldBeFalse();
        StunRequest.TryRead(new IcePeer("a", "b").Check(name: name[..500]), out _).ShouldBeTrue();
    }
}
