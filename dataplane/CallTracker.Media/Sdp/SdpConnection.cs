using CallTracker.Core.Net;

namespace CallTracker.Media.Sdp;

/// <summary>A connection address as a c= or a=rtcp line gives it. Plain value.</summary>
internal readonly struct SdpConnection
{
    private SdpConnection(SdpConnectionState state, IpEndpoint address)
    {
        State = state;
        Address = address;
    }

    public SdpConnectionState State { get; }

    public IpEndpoint Address { get; }

    // connection-field = "IN" SP ("IP4" / "IP6") SP connection-address      c=IN IP4 192.0.2.1
    public static SdpConnection Parse(ReadOnlySpan<byte> value)
    {
        var bad = new SdpConnection(SdpConnectionState.Bad, default);
        if (value.Length < 8 || !value.StartsWith("IN IP"u8) || value[6] != ' ') return bad;
        if (value[5] is not ((byte)'4' or (byte)'6')) return bad;
        var text = value[7..].TrimEnd((byte)' ');
        if (!IpEndpoint.TryParseAddress(text, 0, out var address))
            return LooksLikeName(text) ? new SdpConnection(SdpConnectionState.HostName, default) : bad;
        if (address.IsMulticast || (text.IndexOf((byte)':') < 0) != (value[5] == '4')) return bad;
        return new SdpConnection(SdpConnectionState.Good, address);
    }

    private static bool LooksLikeName(ReadOnlySpan<byte> text)
    {
        var hasLetter = false;
        foreach (var octet in text)
        {
            if (octet is (byte)'-' or (byte)'.' or (byte)'_' or (>= (byte)'0' and <= (byte)'9')) continue;
            if ((octet | 0x20) is < (byte)'a' or > (byte)'z') return false;
            hasLetter = true;
        }
        return hasLetter;
    }
}
