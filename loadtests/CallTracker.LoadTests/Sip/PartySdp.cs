using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Sip;

/// <summary>The parties' media: each leg has a loopback address of its own, so that few ports do. Stateless.</summary>
internal static class PartySdp
{
    /// <summary>Ports of the far ends, their RTCP ports included.</summary>
    public const int PortsUsed = PairCount * 2;

    private const int PairCount = 4;

    /// <summary>
    /// Where a leg receives RTP, each second port from the first; its RTCP comes to the port after it (RFC 3550 section
    /// 11), which is nobody's RTP port. Leg 2k is the caller of call k, leg 2k+1 its shop.
    /// </summary>
    public static IpEndpoint FarEnd(int leg, int firstPort)
    {
        var high = (uint)(1 + (leg / 62_500)) << 16;
        var address = 0x7F00_0000u | high | ((uint)(leg / 250 % 250) << 8) | (uint)(1 + (leg % 250));
        return IpEndpoint.FromIpv4(address, (ushort)(firstPort + (2 * (leg / 2 % PairCount))));
    }

    public static string Write(in IpEndpoint media)
    {
        Span<byte> ascii = stackalloc byte[IpEndpoint.TextLengthMax];
        var host = System.Text.Encoding.ASCII.GetString(ascii[..media.FormatAddress(ascii)]);
        return $"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n" +
            $"m=audio {media.Port} RTP/AVP 0 101\r\n" +
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendrecv\r\n";
    }

    /// <summary>Where the other side wants its media, as text for a pairs file; empty when it does not say.</summary>
    public static string ReadMedia(SipText message)
    {
        var host = message.LineAfter("c=IN IP4 ");
        var port = message.LineAfter("m=audio ").Split(' ')[0];
        return host.Length > 0 && port.Length > 0 ? $"{host}:{port}" : "";
    }
}
