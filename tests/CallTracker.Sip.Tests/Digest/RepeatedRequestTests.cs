using System.Text;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>A challenged request goes out again, the same but for what must differ.</summary>
public sealed class RepeatedRequestTests
{
    private const string Request =
        "INVITE sip:x@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bKold\r\n"
        + "Max-Forwards: 70\r\nAuthorization: Digest old\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@b>\r\nCall-ID: c\r\n"
        + "CSeq: 7 INVITE\r\nProxy-Authorization: Digest\r\n older\r\nX-Any: kept\r\nContent-Length: 4\r\n\r\nv=0\n";

    [Fact]
    public void Request_WrittenAgain_DiffersInBranchCSeqAndCredentialsAlone()
    {
        var writer = new SipWriter(new byte[2048]);
        RepeatedRequest.WriteHead(ref writer, Encoding.ASCII.GetBytes(Request), "z9hG4bKnew"u8, 8);
        writer.Raw("Authorization: Digest new\r\n"u8);
        RepeatedRequest.WriteRest(ref writer, Encoding.ASCII.GetBytes(Request));
        Encoding.ASCII.GetString(writer.Written).ShouldBe(Request
            .Replace("z9hG4bKold", "z9hG4bKnew", StringComparison.Ordinal)
            .Replace("CSeq: 7", "CSeq: 8", StringComparison.Ordinal)
            .Replace("Authorization: Digest old\r\n", "", StringComparison.Ordinal)
            .Replace("Proxy-Authorization: Digest\r\n older\r\n", "", StringComparison.Ordinal)
            .Replace("\r\n\r\n", "\r\nAuthorization: Digest new\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Credentials_OfAnInvite_AreCopiedIntoItsAck()
    {
        var writer = new SipWriter(new byte[2048]);
        RepeatedRequest.CopyCredentials(ref writer, Encoding.ASCII.GetBytes(Request));
        Encoding.ASCII.GetString(writer.Written)
            .ShouldBe("Authorization: Digest old\r\nProxy-Authorization: Digest\r\n older\r\n");
    }
}
