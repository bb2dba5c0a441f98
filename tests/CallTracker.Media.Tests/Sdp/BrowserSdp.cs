using System.Text;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>An offer as Chromium makes it, shortened by codecs, with a second stream when asked for.</summary>
internal static class BrowserSdp
{
    public const string Fingerprint = "AB:CD:EF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:"
        + "DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC";

    public const string Video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:Qx7f\r\n"
        + "a=ice-pwd:0123456789abcdefghijklmn\r\na=fingerprint:sha-256 " + Fingerprint + "\r\na=setup:actpass\r\n"
        + "a=mid:1\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n";

    public static string Offer(string setup = "actpass", string more = "") =>
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        + "a=extmap-allow-mixed\r\na=msid-semantic: WMS stream\r\n"
        + "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
        + "a=candidate:1 1 udp 2113937151 3f2a.local 51113 typ host generation 0 network-cost 999\r\n"
        + "a=ice-ufrag:Qx7f\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=ice-options:trickle\r\n"
        + $"a=fingerprint:sha-256 {Fingerprint}\r\na=setup:{setup}\r\na=mid:0\r\n"
        + "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=sendrecv\r\na=msid:stream track\r\n"
        + "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
        + "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        + "a=rtpmap:126 telephone-event/8000\r\na=ssrc:1399694169 cname:FocUG1f0fcg/yvY7\r\n" + more;

    public static SdpView Parse(string text)
    {
        var view = new SdpView();
        view.Parse(Encoding.ASCII.GetBytes(text)).ShouldBe(SdpParseResult.Ok);
        return view;
    }
}
