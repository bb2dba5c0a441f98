using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>What bodies of INVITE, ACK and their responses may be. Stateless.</summary>
internal static class Bodies
{
    /// <summary>0 when the body can be understood or there is none; 415 otherwise (RFC 3261 section 8.2.3).</summary>
    public static ushort Check(SipMessage request)
    {
        if (request.Body.IsEmpty) return 0;
        var isEncoded = request.Count(SipHeaderKind.ContentEncoding) > 0
            && !SipText.EqualsIgnoreCase(request.Header(SipHeaderKind.ContentEncoding), "identity"u8);
        return isEncoded || !IsSdpType(request.ContentType) ? (ushort)415 : (ushort)0;
    }

    public static bool IsSdp(SipMessage message) => !message.Body.IsEmpty && IsSdpType(message.ContentType);

    private static bool IsSdpType(ReadOnlySpan<byte> contentType)
    {
        var semicolon = contentType.IndexOf((byte)';');
        var type = SipText.Trim(semicolon < 0 ? contentType : contentType[..semicolon]);
        return SipText.EqualsIgnoreCase(type, "application/sdp"u8);
    }
}
