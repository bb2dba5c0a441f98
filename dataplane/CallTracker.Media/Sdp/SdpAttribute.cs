using System.Buffers.Text;

namespace CallTracker.Media.Sdp;

/// <summary>Reads the attributes that relaying needs. A malformed one is as good as absent. Stateless.</summary>
internal static class SdpAttribute
{
    private const int ClockRateHzMax = 1_000_000;
    private const int PtimeMsMax = 1000;
    private const int PayloadTypeMax = 127;
    private const int ChannelsMax = 255;

    public static void Apply(ReadOnlySpan<byte> value, ref SdpMedia media)
    {
        if (TryDirection(value, out var direction))
        {
            media.Direction = direction;
            media.HasDirection = true;
        }
        else if (value.SequenceEqual("rtcp-mux"u8))
        {
            media.RtcpMux = true;
        }
        else if (value.StartsWith("rtcp:"u8))
        {
            ReadRtcp(value[5..], ref media);
        }
        else if (value.StartsWith("ptime:"u8) && TryNumber(value[6..], PtimeMsMax, out var ptimeMs, out _))
        {
            media.PtimeMs = ptimeMs;
        }
        else if (TryRtpMap(value, out var type, out var name, out var clockRateHz, out var channels))
        {
            media.RecordedFormats.Note(type, name, clockRateHz, channels);
        }
    }

    // a=sendrecv | a=sendonly | a=recvonly | a=inactive
    public static bool TryDirection(ReadOnlySpan<byte> value, out SdpDirection direction)
    {
        direction = SdpDirection.SendRecv;
        if (value.SequenceEqual("sendrecv"u8)) return true;
        direction = SdpDirection.SendOnly;
        if (value.SequenceEqual("sendonly"u8)) return true;
        direction = SdpDirection.RecvOnly;
        if (value.SequenceEqual("recvonly"u8)) return true;
        direction = SdpDirection.Inactive;
        return value.SequenceEqual("inactive"u8);
    }

    // a=rtpmap:<payload type> <encoding name>/<clock rate>[/<parameters>]
    public static bool TryRtpMap(
        ReadOnlySpan<byte> value, out int payloadType, out ReadOnlySpan<byte> name, out int clockRateHz,
        out int channels)
    {
        (payloadType, clockRateHz, channels) = (-1, 0, 1);
        name = default;
        if (!value.StartsWith("rtpmap:"u8)) return false;
        value = value[7..];
        if (!TryNumber(value, PayloadTypeMax, out payloadType, out var used)) return false;
        if (used >= value.Length || value[used] != ' ') return false;
        value = value[(used + 1)..];
        var slash = value.IndexOf((byte)'/');
        if (slash < 1 || !TryNumber(value[(slash + 1)..], ClockRateHzMax, out clockRateHz, out used)) return false;
        name = value[..slash];
        // For audio the parameter is the number of channels, one when it is left out (RFC 8866 section 6.6).
        var rest = value[(slash + 1 + used)..];
        if (rest.Length > 1 && rest[0] == '/' && TryNumber(rest[1..], ChannelsMax, out var count, out _))
            channels = count;
        return clockRateHz > 0;
    }

    public static int FirstPayloadType(ReadOnlySpan<byte> formats)
    {
        if (!TryNumber(formats, PayloadTypeMax, out var type, out var used)) return -1;
        return used == formats.Length || formats[used] == ' ' ? type : -1;
    }

    // RFC 3605: a=rtcp:<port> [IN (IP4|IP6) <address>]
    private static void ReadRtcp(ReadOnlySpan<byte> value, ref SdpMedia media)
    {
        if (!TryNumber(value, ushort.MaxValue, out var port, out var used)) return;
        media.RtcpPort = (ushort)port;
        if (used < value.Length) media.RtcpConnection = SdpConnection.Parse(value[(used + 1)..]);
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, int max, out int number, out int used)
    {
        if (!Utf8Parser.TryParse(text, out number, out used)) return false;
        return text[0] is >= (byte)'0' and <= (byte)'9' && number <= max;
    }
}
