using CallTracker.Core.Net;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Writes a received SDP for the other leg of a call whose media goes past this node: byte for byte, with the peer's
/// own addresses, ports, codecs and attributes. Ours alone is the o= line, because the leg's dialog is ours (RFC 3264
/// section 8: one session id, a version that counts), and what names people (s=, i=, u=, e=, p=) is left out.
/// Stateless.
/// </summary>
public static class DirectSdp
{
    /// <summary>
    /// True when no key for media stands in the SDP: a key that passed from leg to leg could be read by whoever reads
    /// the other one's signalling.
    /// </summary>
    /// <param name="source">A view that was read.</param>
    public static bool IsPlain(SdpView source)
    {
        for (var i = 0; i < source.MediaCount; i++)
        {
            ref readonly var media = ref source.Media(i);
            if (media.Port != 0 && (media.IsSecure || media.IsDtls)) return false;
        }
        var lines = new SdpLineReader(source.Text);
        while (lines.TryNext())
        {
            if (lines.Type == 'k' || (lines.Type == 'a' && SdpRewriter.IsOfKeys(lines.Value.Of(source.Text))))
                return false;
        }
        return true;
    }

    /// <summary>Writes the SDP.</summary>
    /// <param name="source">A view that was read, with audio or without.</param>
    /// <param name="local">Our advertised address on the leg written to, for o= alone.</param>
    /// <param name="origin">The o= of the leg written to.</param>
    /// <param name="destination">Where to write; the source's length and 100 bytes more are enough.</param>
    /// <param name="length">Bytes written; 0 unless Ok.</param>
    public static SdpRewriteResult Write(
        SdpView source, in IpEndpoint local, ref SdpOrigin origin, Span<byte> destination, out int length)
    {
        length = 0;
        var advanced = origin;
        advanced.Advance(SdpRewriter.ContentOf(source, local, default));
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        while (lines.TryNext()) WriteLine(source, lines, local, advanced, ref output);
        if (output.HasOverflowed) return SdpRewriteResult.Overflow;
        origin = advanced;
        length = output.Length;
        return SdpRewriteResult.Ok;
    }

    private static void WriteLine(
        SdpView source, in SdpLineReader lines, in IpEndpoint local, in SdpOrigin origin,
        ref SdpOutput output)
    {
        switch (lines.Type)
        {
            case (byte)'v':
                output.Append("v=0\r\n"u8);
                SdpRewriter.WriteOrigin(local, origin, ref output);
                break;
            case (byte)'s':
                output.Append("s=-\r\n"u8);
                break;
            case (byte)'o' or (byte)'i' or (byte)'u' or (byte)'e' or (byte)'p':
                break;
            default:
                var whole = lines.Whole.Of(source.Text);
                output.Append(whole);
                if (whole[^1] != '\n') output.EndLine();
                break;
        }
    }
}
