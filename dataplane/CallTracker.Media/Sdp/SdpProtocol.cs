using System.Text;

namespace CallTracker.Media.Sdp;

/// <summary>The transport protocols that carry RTP over UDP.</summary>
internal static class SdpProtocol
{
    // RFC 3551, 4585, 3711, 5124, 5764.
    public static bool IsRtp(ReadOnlySpan<byte> protocol) =>
        Ascii.EqualsIgnoreCase(protocol, "RTP/AVP"u8)
        || Ascii.EqualsIgnoreCase(protocol, "RTP/AVPF"u8)
        || Ascii.EqualsIgnoreCase(protocol, "RTP/SAVP"u8)
        || Ascii.EqualsIgnoreCase(protocol, "RTP/SAVPF"u8)
        || Ascii.EqualsIgnoreCase(protocol, "UDP/TLS/RTP/SAVP"u8)
        || Ascii.EqualsIgnoreCase(protocol, "UDP/TLS/RTP/SAVPF"u8);
}
