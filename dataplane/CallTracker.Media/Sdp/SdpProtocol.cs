using System.Text;

namespace CallTracker.Media.Sdp;

/// <summary>The transport protocols that carry RTP over UDP.</summary>
internal static class SdpProtocol
{
    // RFC 3551, 4585, 3711, 5124, 5764.
    public static bool IsRtp(ReadOnlySpan<byte> protocol) =>
        Ascii.EqualsIgnoreCase(protocol, "RTP/AVP"u8)
        || Ascii.EqualsIgnoreCase(protocol, "RTP/AVPF"u8)
        || IsSecure(protocol)
        || IsDtls(protocol);

    /// <summary>SRTP whose keys stand in the SDP (RFC 4568).</summary>
    public static bool IsSecure(ReadOnlySpan<byte> protocol) =>
        Ascii.EqualsIgnoreCase(protocol, "RTP/SAVP"u8) || Ascii.EqualsIgnoreCase(protocol, "RTP/SAVPF"u8);

    /// <summary>SRTP whose keys come from a DTLS handshake beside it (RFC 5764).</summary>
    public static bool IsDtls(ReadOnlySpan<byte> protocol) =>
        Ascii.EqualsIgnoreCase(protocol, "UDP/TLS/RTP/SAVP"u8)
        || Ascii.EqualsIgnoreCase(protocol, "UDP/TLS/RTP/SAVPF"u8);

    /// <summary>The same profile, secure or plain.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> protocol, bool isSecure)
    {
        if (IsSecure(protocol) == isSecure && !IsDtls(protocol)) return protocol;
        var hasFeedback = (protocol[^1] | 0x20) == 'f';
        if (isSecure) return hasFeedback ? "RTP/SAVPF"u8 : "RTP/SAVP"u8;
        return hasFeedback ? "RTP/AVPF"u8 : "RTP/AVP"u8;
    }
}
