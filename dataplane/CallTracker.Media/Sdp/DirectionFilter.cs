namespace CallTracker.Media.Sdp;

/// <summary>
/// Takes the directions out of an SDP, which then means sendrecv (RFC 8866 section 6.7): an answer that followed one
/// peer's wish to send only says nothing of what may be offered to the next. Stateless.
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
}
