using CallTracker.Core.Net;
using CallTracker.Media.Dtls;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Writes what <see cref="SdpRewriter"/> wrote once more, where one leg has DTLS-SRTP: for that leg with our
/// certificate's hash, our ICE and rtcp-mux, as browsers want it; for a leg without, as a telephone understands it.
/// RTCP is muxed on a leg with DTLS, whatever the other leg has. Stateless.
/// </summary>
public static class SdpDtlsWriter
{
    // RFC 8445 section 5.1.2.1: a host candidate, the first and only one, of the component RTP.
    private const ulong Priority = ((ulong)126 << 24) | (65535 << 8) | 255;

    /// <summary>Writes the SDP.</summary>
    /// <param name="source">Written by the rewriter, and parsed.</param>
    /// <param name="local">Our address and port on the leg written to.</param>
    /// <param name="terms">Ours on that leg; none for one without DTLS.</param>
    /// <param name="isAlone">The other streams of the source are not for this leg.</param>
    /// <param name="fingerprint">Of our certificate.</param>
    /// <param name="destination">Where to write; the source's length and 1,200 bytes are enough.</param>
    /// <param name="length">Bytes written; 0 when there is no room.</param>
    public static bool TryWrite(
        SdpView source, in IpEndpoint local, in DtlsLocal terms, bool isAlone, in DtlsFingerprint fingerprint,
        Span<byte> destination, out int length)
    {
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm')
            {
                if (stream < 0) WriteSession(terms, ref output);
                else if (stream == source.AudioIndex) WriteStream(terms, fingerprint, local, ref output);
                stream++;
                if (!isAlone || stream == source.AudioIndex) WriteMediaLine(source, stream, lines, terms, ref output);
            }
            else if (isAlone && stream >= 0 && stream != source.AudioIndex)
            {
                continue;
            }
            else if (!IsLeftOut(lines, source.Text, stream == source.AudioIndex, terms.HasFeedback))
            {
                SdpFormats.Pass(source, lines, ref output);
            }
        }
        if (stream == source.AudioIndex) WriteStream(terms, fingerprint, local, ref output);
        length = output.HasOverflowed ? 0 : output.Length;
        return !output.HasOverflowed;
    }

    // m=<media> <port> <proto> <formats>
    private static void WriteMediaLine(
        SdpView source, int stream, in SdpLineReader line, in DtlsLocal terms, ref SdpOutput output)
    {
        if (stream != source.AudioIndex)
        {
            SdpFormats.Pass(source, line, ref output);
            return;
        }
        if (terms.HasOwnStreams) Refuse(terms.Streams, 0, terms.Streams.Relayed, ref output);
        output.Append("m="u8);
        output.Append(source.MediaType(stream));
        output.Append(" "u8);
        output.Append(source.Audio.Port);
        output.Append(" "u8);
        output.Append(ProtocolOf(source.Audio.IsSecure, terms));
        output.Append(" "u8);
        output.Append(source.Formats(stream));
        output.EndLine();
    }

    // A telephone need not know feedback; what it could say by it, the browser's leg does without.
    private static ReadOnlySpan<byte> ProtocolOf(bool isSecure, in DtlsLocal terms)
    {
        if (terms.IsNone) return isSecure ? "RTP/SAVP"u8 : "RTP/AVP"u8;
        return terms.HasFeedback ? "UDP/TLS/RTP/SAVPF"u8 : "UDP/TLS/RTP/SAVP"u8;
    }

    private static void WriteSession(in DtlsLocal terms, ref SdpOutput output)
    {
        if (terms.IsBundled)
        {
            output.Append("a=group:BUNDLE "u8);
            output.Append(terms.Id.Text);
            output.EndLine();
        }
        if (!terms.IsNone && !terms.Ice.IsNone) output.Append("a=ice-lite\r\n"u8);
    }

    private static void WriteStream(
        in DtlsLocal terms, in DtlsFingerprint fingerprint, in IpEndpoint local, ref SdpOutput output)
    {
        if (terms.IsNone) return;
        if (!terms.Id.IsNone)
        {
            output.Append("a=mid:"u8);
            output.Append(terms.Id.Text);
            output.EndLine();
        }
        output.Append("a=rtcp-mux\r\na=setup:"u8);
        output.Append(terms.Setup switch
        {
            DtlsSetup.ActPass => "actpass\r\n"u8,
            DtlsSetup.Active => "active\r\n"u8,
            _ => "passive\r\n"u8,
        });
        Span<byte> text = stackalloc byte[DtlsFingerprint.TextLengthMax];
        output.Append("a=fingerprint:"u8);
        output.Append(text[..fingerprint.Write(text)]);
        output.EndLine();
        if (!terms.Ice.IsNone) WriteIce(terms, local, ref output);
        if (terms.HasOwnStreams) Refuse(terms.Streams, terms.Streams.Relayed + 1, terms.Streams.Count, ref output);
    }

    // Of a refused stream nothing is looked at but its type and place (RFC 3264 section 6).
    private static void Refuse(in StreamLayout streams, int first, int end, ref SdpOutput output)
    {
        for (var i = first; i < end; i++)
        {
            var isData = streams.TypeOf(i).SequenceEqual("application"u8);
            output.Append("m="u8);
            output.Append(streams.TypeOf(i));
            output.Append(isData ? " 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"u8 : " 0 UDP/TLS/RTP/SAVPF 0\r\n"u8);
            output.Append("a=inactive\r\n"u8);
        }
    }

    // a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>
    private static void WriteIce(in DtlsLocal terms, in IpEndpoint local, ref SdpOutput output)
    {
        output.Append("a=ice-ufrag:"u8);
        output.Append(terms.Ice.Fragment);
        output.Append("\r\na=ice-pwd:"u8);
        output.Append(terms.Ice.Password);
        output.Append("\r\na=candidate:1 1 UDP "u8);
        output.Append(Priority);
        output.Append(" "u8);
        Span<byte> address = stackalloc byte[IpEndpoint.TextLengthMax];
        output.Append(address[..local.FormatAddress(address)]);
        output.Append(" "u8);
        output.Append(local.Port);
        output.Append(" typ host\r\na=end-of-candidates\r\n"u8);
    }

    // What belongs to the other leg's transport; header extensions and feedback are agreed between browsers alone.
    private static bool IsLeftOut(in SdpLineReader line, ReadOnlySpan<byte> text, bool isRelayed, bool hasFeedback)
    {
        if (line.Type != 'a') return false;
        var value = line.Value.Of(text);
        if (value.StartsWith("extmap"u8) || value.StartsWith("msid-semantic"u8)) return true;
        if (!isRelayed) return false;
        return value.SequenceEqual("rtcp-mux"u8)
            || value.SequenceEqual("rtcp-mux-only"u8)
            || value.SequenceEqual("rtcp-rsize"u8)
            || value.SequenceEqual("bundle-only"u8)
            || value.StartsWith("rtcp:"u8)
            || value.StartsWith("mid:"u8)
            || (value.StartsWith("rtcp-fb:"u8) && !hasFeedback);
    }
}
