using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Writing;

public sealed class SipWriterTests
{
    private static readonly IpEndpoint Source = IpEndpoint.FromIpv4(0xC000_0205, 5099);

    [Fact]
    public void Request_WrittenPieceByPiece_IsWhatTheParserReads()
    {
        var writer = new SipWriter(new byte[1024]);
        writer.RequestLine(SipMethod.Invite, "sip:a@b"u8);
        writer.Via(SipTransportKind.Udp, IpEndpoint.FromIpv4(0x7F00_0001, 5060), "z9hG4bKx"u8);
        writer.Header(SipHeaderKind.MaxForwards, 70);
        writer.HeaderWithTag(SipHeaderKind.From, "<sip:c@d>"u8, "f1"u8);
        writer.HeaderWithTag(SipHeaderKind.To, "<sip:a@b>"u8, default);
        writer.Header("Call-ID"u8, "id"u8);
        writer.CSeq(7, "INVITE"u8);
        writer.Body("application/sdp"u8, "v=0\r\n"u8);

        var text = Wire.Text(writer.Written);
        text.ShouldBe(
            "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKx\r\nMax-Forwards: 70\r\n"
            + "From: <sip:c@d>;tag=f1\r\nTo: <sip:a@b>\r\nCall-ID: id\r\nCSeq: 7 INVITE\r\n"
            + "Content-Type: application/sdp\r\nContent-Length:     5\r\n\r\nv=0\r\n");
        Wire.Text(Wire.Parse(text).Body).ShouldBe("v=0\r\n");
    }

    [Theory]
    [InlineData("127.0.0.1", 5060, "127.0.0.1:5060")]
    [InlineData("::1", 5060, "[::1]:5060")]
    [InlineData("2001:db8::9", 0, "[2001:db8::9]")]
    public void Endpoint_OfEitherFamily_IsWritten(string address, ushort port, string expected)
    {
        IpEndpoint.TryParseAddress(Wire.Bytes(address), port, out var endpoint).ShouldBeTrue();
        var writer = new SipWriter(new byte[64]);
        writer.Endpoint(endpoint);
        Wire.Text(writer.Written).ShouldBe(expected);
    }

    [Fact]
    public void Buffer_OfAnySmallerSize_SetsOverflowedAndGivesNothing()
    {
        var request = Wire.Parse(Wire.Invite());
        var whole = new SipWriter(new byte[2048]);
        whole.WriteRefusal(request, 404, "t"u8, Source);
        for (var size = 0; size < whole.Length; size++)
        {
            var writer = new SipWriter(new byte[size]);
            writer.WriteRefusal(request, 404, "t"u8, Source);
            writer.Overflowed.ShouldBeTrue();
            writer.Written.IsEmpty.ShouldBeTrue();
        }
        var exact = new SipWriter(new byte[whole.Length]);
        exact.WriteRefusal(request, 404, "t"u8, Source);
        exact.Overflowed.ShouldBeFalse();
    }

    [Fact]
    public void Body_WrittenInPlace_IsCountedWhenItEnds()
    {
        var writer = new SipWriter(new byte[256]);
        writer.BeginBody("text/plain"u8);
        "hello"u8.CopyTo(writer.Free);
        writer.Advance(5);
        writer.EndBody();
        Wire.Text(writer.Written).ShouldBe("Content-Type: text/plain\r\nContent-Length:     5\r\n\r\nhello");
    }

    [Fact]
    public void Advance_BeyondTheBuffer_Overflows()
    {
        var writer = new SipWriter(new byte[8]);
        writer.Advance(9);
        writer.Overflowed.ShouldBeTrue();
    }

    [Fact]
    public void Response_ToARequestWithRport_CarriesWhatTheRfcsWant()
    {
        const string Extra = "Via: SIP/2.0/TCP p;branch=z9hG4bKp\nRecord-Route: <sip:r1;lr>, <sip:r2;lr>\n";
        var request = Wire.Parse(Wire.Request("INVITE", extra: Extra));
        var writer = new SipWriter(new byte[2048]);
        writer.WriteResponse(request, 180, default, "mine"u8, Source);
        writer.NoBody();

        var lines = Wire.Text(writer.Written).Split("\r\n");
        lines[0].ShouldBe("SIP/2.0 180 Ringing");
        lines[1].ShouldBe("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa1;received=192.0.2.5;rport=5099");
        lines[2].ShouldBe("Via: SIP/2.0/TCP p;branch=z9hG4bKp");
        lines[3].ShouldBe("From: \"Caller\" <sip:0312345678@192.0.2.1>;tag=from1");
        lines[4].ShouldBe("To: <sip:0120000111@192.0.2.9>;tag=mine");
        lines.ShouldContain("Record-Route: <sip:r2;lr>");
    }

    [Theory]
    [InlineData("OPTIONS", 200, false)]
    [InlineData("INVITE", 404, false)]
    [InlineData("INVITE", 100, false)]
    [InlineData("INVITE", 200, true)]
    public void Response_ThatMakesADialog_AloneCarriesRecordRoute(string method, int code, bool isCopied)
    {
        var request = Wire.Parse(Wire.Request(method, extra: "Record-Route: <sip:r1;lr>\n"));
        var writer = new SipWriter(new byte[2048]);
        writer.WriteResponse(request, code, default, "mine"u8, Source);
        Wire.Text(writer.Written).Contains("Record-Route", StringComparison.Ordinal).ShouldBe(isCopied);
    }

    [Fact]
    public void Response_ToAForgedReceived_ReplacesIt()
    {
        var request = Wire.Parse(Wire.Request("OPTIONS", "z9hG4bKa1;received=10.0.0.1;rport=1"));
        var writer = new SipWriter(new byte[2048]);
        writer.WriteRefusal(request, 200, "t"u8, Source);
        Wire.Text(Wire.Parse(Wire.Text(writer.Written)).TopVia.Received).ShouldBe("192.0.2.5");
        Wire.Text(writer.Written).ShouldNotContain("10.0.0.1");
    }

    [Fact]
    public void Response_InADialog_KeepsTheToTag()
    {
        var request = Wire.Parse(Wire.Request("BYE", toTag: "old"));
        var writer = new SipWriter(new byte[2048]);
        writer.WriteRefusal(request, 200, "new"u8, Source);
        Wire.Text(Wire.Parse(Wire.Text(writer.Written)).ToTag).ShouldBe("old");
    }

    [Fact]
    public void Reasons_OfAllCodes_AreNeverEmpty()
    {
        for (var code = 100; code < 700; code++) SipReasons.Of(code).IsEmpty.ShouldBeFalse();
        Wire.Text(SipReasons.Of(487)).ShouldBe("Request Terminated");
        Wire.Text(SipReasons.Of(481)).ShouldBe("Call/Transaction Does Not Exist");
    }

    [Fact]
    public void Methods_AllKnown_AreReadBack()
    {
        foreach (var method in Enum.GetValues<SipMethod>())
            SipMethods.Parse(SipMethods.NameOf(method)).ShouldBe(method);
        SipMethods.Parse("invite"u8).ShouldBe(SipMethod.Unknown);
        SipMethods.Parse("INVITES"u8).ShouldBe(SipMethod.Unknown);
    }
}
