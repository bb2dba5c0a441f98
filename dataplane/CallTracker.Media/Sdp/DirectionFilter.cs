namespace CallTracker.Media.Sdp;

/// <summary>
/// Takes the directions out of an SDP, which then means sendrecv (RFC 8866 section 6.7): an answer that followed one
/// peer's wish to send only says nothing of what may be offered to the next. Or puts another direction in place of all
/// of them. Stateless.
/// </summary>
public static class DirectionFilter
{
    /// <summary>Copies all lines but a=sendrecv, a=sendonly, a=recvonly and a=inactive.</summary>
    /// <param name="sdp">Any SDP.</param>
    /// <param name="destination">At least as long.</param>
    /// <returns>Bytes written; 0 when it does not fit.</returns>
    public static int Write(ReadOnlySpan<byte> sdp, Span<byte> destination)
    {
        if (destination.Length < sdp.Length) return 0;
        var length = 0;
        var lines = new SdpLineReader(sdp);
        while (lines.TryNext())
        {
            if (lines.Type == 'a' && SdpAttribute.TryDirection(lines.Value.Of(sdp), out _)) continue;
            var whole = lines.Whole.Of(sdp);
            whole.CopyTo(destination[length..]);
            length += whole.Length;
        }
        return length;
    }

    /// <summary>
    /// Copies all lines but the directions, and says one of its own at the end of the relayed stream.
    /// </summary>
    /// <param name="source">Parsed as Ok.</param>
    /// <param name="direction">What the relayed stream is to say.</param>
    /// <param name="destination">About as long as the source, and 14 bytes more.</param>
    /// <returns>Bytes written; 0 when it does not fit.</returns>
    public static int Write(SdpView source, SdpDirection direction, Span<byte> destination)
    {
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm' && stream++ == source.AudioIndex) AppendDirection(direction, ref output);
            if (lines.Type == 'a' && SdpAttribute.TryDirection(lines.Value.Of(source.Text), out _)) continue;
            var whole = lines.Whole.Of(source.Text);
            output.Append(whole);
            if (whole[^1] != '\n') output.EndLine();
        }
        if (stream == source.AudioIndex) AppendDirection(direction, ref output);
        return output.HasOverflowed ? 0 : output.Length;
    }

    private static void AppendDirection(SdpDirection direction, ref SdpOutput output) => output.Append(direction switch
    {
        SdpDirection.SendOnly => "a=sendonly\r\n"u8,
        SdpDirection.RecvOnly => "a=recvonly\r\n"u8,
        SdpDirection.Inactive => "a=inactive\r\n"u8,
        _ => "a=sendrecv\r\n"u8,
    });
}
