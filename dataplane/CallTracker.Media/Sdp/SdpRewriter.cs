using CallTracker.Core.Net;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Writes a received SDP for the other leg: our address and ports in place of the sender's, the first usable audio
/// stream relayed, every other stream kept in its place with port 0, codecs and all other lines byte for byte. Nothing
/// of the sender's network goes out: o= and s= are ours, what names people or machines (i=, u=, e=, p=, some
/// attributes), ICE, and any line that holds an address are left out; other attributes pass, known or not. Nor do keys
/// go out: each leg has its own. Stateless.
/// </summary>
public static class SdpRewriter
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>Writes the SDP for a plain leg; see the overload.</summary>
    public static SdpRewriteResult Write(
        SdpView source, in IpEndpoint local, ref SdpOrigin origin, Span<byte> destination, out int length) =>
        Write(source, local, default, ref origin, destination, out length);

    /// <summary>Writes the SDP.</summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="local">Our advertised address and RTP port on the leg written to; RTCP has the next port.</param>
    /// <param name="keys">Ours on the leg written to; none for a plain one.</param>
    /// <param name="origin">The o= of the leg written to.</param>
    /// <param name="destination">Where to write; about the source's length and 100 bytes more are enough, 700
    /// with keys.</param>
    /// <param name="length">Bytes written; 0 unless Ok.</param>
    public static SdpRewriteResult Write(
        SdpView source, in IpEndpoint local, in SrtpLocal keys, ref SdpOrigin origin, Span<byte> destination,
        out int length)
    {
        length = 0;
        return source.AudioIndex < 0
            ? SdpRewriteResult.NotUsable
            : WriteAll(source, local, keys, ref origin, destination, out length);
    }

    /// <summary>
    /// Writes an answer in which no stream is taken: each stays in its place with port 0 (RFC 3264 section 6). For a
    /// peer's answer that refuses all, and as our own answer to an offer that has nothing to relay.
    /// </summary>
    /// <param name="source">A view that was read but takes no audio.</param>
    /// <param name="local">Our advertised address on the leg written to; its port is not used.</param>
    /// <param name="origin">The o= of the leg written to.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="length">Bytes written; 0 unless Ok.</param>
    public static SdpRewriteResult WriteRefusal(
        SdpView source, in IpEndpoint local, ref SdpOrigin origin, Span<byte> destination, out int length)
    {
        length = 0;
        return source.IsRefusal
            ? WriteAll(source, local, default, ref origin, destination, out length)
            : SdpRewriteResult.NotUsable;
    }

    private static SdpRewriteResult WriteAll(
        SdpView source, in IpEndpoint local, in SrtpLocal keys, ref SdpOrigin origin, Span<byte> destination,
        out int length)
    {
        length = 0;
        var advanced = origin;
        advanced.Advance(ContentOf(source, local, keys));
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm') BeginStream(source, ref stream, local, keys, ref output);
            else if (stream < 0) WriteSessionLine(source, lines, local, advanced, ref output);
            else if (stream == source.AudioIndex) WriteAudioLine(source, lines, local, ref output);
        }
        EndStream(source, stream, keys, ref output);
        if (output.HasOverflowed) return SdpRewriteResult.Overflow;
        origin = advanced;
        length = output.Length;
        return SdpRewriteResult.Ok;
    }

    private static void WriteSessionLine(
        SdpView source, in SdpLineReader lines, in IpEndpoint local, in SdpOrigin origin, ref SdpOutput output)
    {
        switch (lines.Type)
        {
            case (byte)'v':
                output.Append("v=0\r\n"u8);
                WriteOrigin(local, origin, ref output);
                break;
            case (byte)'c':
                WriteConnection(local, ref output);
                break;
            case (byte)'s':
                output.Append("s=-\r\n"u8);
                break;
            case (byte)'o' or (byte)'i' or (byte)'u' or (byte)'e' or (byte)'p' or (byte)'k':
                break;
            default:
                Pass(source, lines, ref output);
                break;
        }
    }

    private static void WriteAudioLine(
        SdpView source, in SdpLineReader lines, in IpEndpoint local, ref SdpOutput output)
    {
        var value = lines.Value.Of(source.Text);
        ref readonly var audio = ref source.Audio;
        if (lines.Type == 'c') WriteConnection(local, ref output);
        else if (lines.Type is (byte)'i' or (byte)'k') return;
        else if (lines.Type != 'a') Pass(source, lines, ref output);
        else if (value.StartsWith("rtcp:"u8)) WriteRtcp(audio, local, ref output);
        else if (!audio.IsHeldByAddress || !SdpAttribute.TryDirection(value, out _)) Pass(source, lines, ref output);
    }

    // o=<username> <sess-id> <sess-version> IN IP4 <address>
    internal static void WriteOrigin(in IpEndpoint local, in SdpOrigin origin, ref SdpOutput output)
    {
        output.Append("o=- "u8);
        output.Append(origin.SessionId);
        output.Append(" "u8);
        output.Append(origin.Version);
        output.Append(" "u8);
        output.AppendAddress(local);
        output.EndLine();
    }

    private static void WriteConnection(in IpEndpoint local, ref SdpOutput output)
    {
        if (output.HasConnection) return;
        output.HasConnection = true;
        output.Append("c="u8);
        output.AppendAddress(local);
        output.EndLine();
    }

    // m=<media> <port> <proto> <formats>
    private static void BeginStream(
        SdpView source, ref int stream, in IpEndpoint local, in SrtpLocal keys, ref SdpOutput output)
    {
        EndStream(source, stream, keys, ref output);
        stream++;
        output.HasConnection = false;
        var isRelayed = stream == source.AudioIndex;
        output.Append("m="u8);
        output.Append(WithoutAddress(source.MediaType(stream), "application"u8));
        output.Append(" "u8);
        output.Append(isRelayed ? local.Port : 0UL);
        output.Append(" "u8);
        var protocol = source.Protocol(stream);
        if (isRelayed) protocol = SdpProtocol.Of(protocol, isSecure: !keys.IsNone);
        output.Append(WithoutAddress(protocol, "udp"u8));
        output.Append(" "u8);
        output.Append(WithoutAddress(source.Formats(stream), "0"u8));
        output.EndLine();
    }

    // Hold by address cannot survive our address in its place: it becomes hold by attribute (RFC 3264 section 8.4).
    private static void EndStream(SdpView source, int stream, in SrtpLocal keys, ref SdpOutput output)
    {
        if (stream < 0 || stream != source.AudioIndex) return;
        SdpCrypto.Write(keys, ref output);
        if (!source.Audio.IsHeldByAddress) return;
        output.Append(source.Audio.Direction == SdpDirection.SendOnly ? "a=sendonly\r\n"u8 : "a=inactive\r\n"u8);
    }

    // RFC 3605; the port is that of RTP when the sender muxes and says so.
    private static void WriteRtcp(in SdpMedia audio, in IpEndpoint local, ref SdpOutput output)
    {
        var isOnRtpPort = audio.RtcpPort == audio.Port;
        output.Append("a=rtcp:"u8);
        output.Append(isOnRtpPort ? local.Port : local.Port + 1UL);
        output.EndLine();
    }

    private static void Pass(SdpView source, in SdpLineReader lines, ref SdpOutput output)
    {
        if (lines.Type == 'a' && IsLeftOut(lines.Value.Of(source.Text))) return;
        var whole = lines.Whole.Of(source.Text);
        if (AddressScan.Contains(whole)) return;
        output.Append(whole);
        if (whole[^1] != '\n') output.EndLine();
    }

    // Keys of one leg are not told to another, in whatever attribute (RFC 4568, 4567, 5763, 5939).
    internal static bool IsOfKeys(ReadOnlySpan<byte> attribute) =>
        attribute.StartsWith("crypto:"u8)
        || attribute.StartsWith("key-mgmt:"u8)
        || attribute.StartsWith("fingerprint:"u8)
        || attribute.StartsWith("setup:"u8)
        || attribute.StartsWith("tls-id:"u8)
        || attribute.StartsWith("acap:"u8)
        || attribute.StartsWith("tcap:"u8)
        || attribute.StartsWith("pcfg:"u8)
        || attribute.StartsWith("acfg:"u8);

    // ICE would reach around the relay, groups name streams that we refuse, anat and source filters name addresses, and
    // tool, ssrc (with its cname), msid and some private attributes name machines and people.
    private static bool IsLeftOut(ReadOnlySpan<byte> attribute) =>
        IsOfKeys(attribute)
        || attribute.StartsWith("candidate"u8)
        || attribute.StartsWith("remote-candidates"u8)
        || attribute.StartsWith("end-of-candidates"u8)
        || attribute.StartsWith("ice-"u8)
        || attribute.StartsWith("group:"u8)
        || attribute.StartsWith("alt:"u8)
        || attribute.StartsWith("source-filter"u8)
        || attribute.StartsWith("tool:"u8)
        || attribute.StartsWith("ssrc"u8)
        || attribute.StartsWith("msid"u8)
        || attribute.StartsWith("rtcp:"u8)
        || PrivateAttribute.MayNameAPlace(attribute);

    private static ReadOnlySpan<byte> WithoutAddress(ReadOnlySpan<byte> text, ReadOnlySpan<byte> instead) =>
        AddressScan.Contains(text) ? instead : text;

    // FNV-1a of all that the output depends on but o= itself.
    internal static ulong ContentOf(SdpView source, in IpEndpoint local, in SrtpLocal keys)
    {
        var hash = (FnvOffset ^ local.High ^ local.Port) * FnvPrime;
        hash = (hash ^ local.Low) * FnvPrime;
        hash = (hash ^ keys.Content) * FnvPrime;
        var lines = new SdpLineReader(source.Text);
        while (lines.TryNext())
        {
            if (lines.Type == 'o') continue;
            foreach (var octet in lines.Whole.Of(source.Text)) hash = (hash ^ octet) * FnvPrime;
        }
        return hash;
    }
}
