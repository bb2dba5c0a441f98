using System.Text;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Parsing;

/// <summary>The short way to refuse an INVITE says what the long way would, or leaves it to the long way.</summary>
public sealed class InviteGlanceTests
{
    private static readonly IpEndpoint Source = IpEndpoint.FromIpv4(0xC0000207, 5099);

    [Theory]
    [InlineData("", "")]
    [InlineData("Via: SIP/2.0/UDP", "v : SIP/2.0/UDP")]
    [InlineData("From:", "f:")]
    [InlineData("To:", "t\t:")]
    [InlineData("@192.0.2.9>", "@192.0.2.9;user=phone>")]
    [InlineData("Call-ID:", "i:")]
    [InlineData("Max-Forwards: 70", "Via: SIP/2.0/UDP 10.0.0.1, SIP/2.0/UDP 10.0.0.2\nMax-Forwards: 70")]
    [InlineData(";branch=", ";rport;branch=")]
    public void Refusal_OfAPlainInvite_IsThatOfTheParsedOne(string old, string changed)
    {
        var text = old.Length == 0 ? Wire.Invite() : Wire.Invite().Replace(old, changed, StringComparison.Ordinal);
        var bytes = Wire.Bytes(text);
        var message = new SipMessage();
        Wire.TryParse(message, (byte[])bytes.Clone()).ShouldBe(SipParseResult.Ok);

        InviteGlance.TryRead(bytes, out var glance).ShouldBeTrue();
        var quick = new SipWriter(new byte[4096]);
        glance.WriteRefusal(ref quick, "ov1"u8, 5, Source);
        var slow = new SipWriter(new byte[4096]);
        slow.WriteResponse(message, 503, default, "ov1"u8, Source);
        slow.Header(SipHeaderKind.RetryAfter, 5);
        slow.NoBody();

        Values(quick.Written).ShouldBe(Values(slow.Written));
        (quick.Written.Length % InviteGlance.RefusalLengthStep).ShouldBe(0);
    }

    [Theory]
    [InlineData("INVITE sip", "OPTIONS sip")]
    [InlineData("To: <sip", "To: \"a\" <sip:x@y>;tag=a\nX: <sip")]
    [InlineData("Max-Forwards: 70", "Subject: a\n b")]
    [InlineData("Max-Forwards: 70", "From: <sip:second@b>;tag=2")]
    [InlineData("Max-Forwards: 70", "i: second")]
    [InlineData("branch=z9hG4bK", "branch=old")]
    [InlineData("Max-Forwards: 70", "Subject: a#b")]
    [InlineData("Length: 0\n\n", "Length: 0\n")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE")]
    public void Invite_ThatIsNotPlain_IsLeftToTheParser(string old, string changed)
    {
        var text = Wire.Invite();
        text.ShouldContain(old);
        var bytes = Wire.Bytes(text.Replace(old, changed, StringComparison.Ordinal));
        var hash = bytes.AsSpan().IndexOf((byte)'#');
        if (hash >= 0) bytes[hash] = (byte)'\r';
        InviteGlance.TryRead(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_OfAnyKind_NeverThrow()
    {
        var random = new Random(20261122);
        var whole = Wire.Bytes(Wire.Invite());
        for (var length = 0; length < whole.Length; length++) Glance(whole.AsSpan(0, length));
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var hit = 0; hit < 6; hit++) bytes[random.Next(7, bytes.Length)] = (byte)random.Next(256);
            Glance(bytes);
        }
    }

    // What is read must also be written without harm: no line of the answer is longer than the lines it came from.
    private static void Glance(ReadOnlySpan<byte> bytes)
    {
        if (!InviteGlance.TryRead(bytes, out var glance)) return;
        var writer = new SipWriter(new byte[8192]);
        glance.WriteRefusal(ref writer, "ov1"u8, 5, Source);
        writer.Overflowed.ShouldBeFalse();
        Encoding.Latin1.GetString(writer.Written).ShouldEndWith("\r\n\r\n");
    }

    // Header by header, Via lists taken apart: the parsed way writes one per line. Without the comment that pads.
    private static string[] Values(ReadOnlySpan<byte> response) =>
        [.. Encoding.Latin1.GetString(response).Split("\r\n").SelectMany(
            line => line.StartsWith("Via: ", StringComparison.Ordinal)
                ? line[5..].Split(", ").Select(via => "Via: " + via)
                : [line.StartsWith("Retry-After: ", StringComparison.Ordinal) ? line.Split(" (overload")[0] : line])];
}
