using CallTracker.Media.Dtls;
using CallTracker.Media.Ice;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Reads what the relayed stream of an SDP says of DTLS-SRTP and ICE (RFC 5763, RFC 8122, RFC 8839), at the stream or
/// for the whole session; the stream's own word counts. Stateless.
/// </summary>
internal static class SdpDtls
{
    private const int FragmentLengthMin = 4;
    private const int PasswordLengthMin = 22;
    private const int IceLengthMax = 256;

    /// <summary>
    /// False when a handshake cannot be made of it: no certificate's hash that we know, a=setup:holdconn, or RTCP on a
    /// port of its own, which would need a second handshake.
    /// </summary>
    /// <param name="sdp">A view that parsed as Ok, whose audio is DTLS.</param>
    /// <param name="remote">What was read.</param>
    public static bool TryRead(SdpView sdp, out DtlsRemote remote)
    {
        remote = default;
        var setupText = Find(sdp, "setup:"u8);
        var setup = SetupOf(setupText);
        if (!sdp.Audio.RtcpMux || (setup == DtlsSetup.None && !setupText.IsEmpty)) return false;
        if (!TryFindFingerprint(sdp, out var fingerprint)) return false;
        var fragment = Find(sdp, "ice-ufrag:"u8);
        var password = Find(sdp, "ice-pwd:"u8);
        var hasIce = fragment.Length is >= FragmentLengthMin and <= IceLengthMax
            && password.Length is >= PasswordLengthMin and <= IceLengthMax
            && !Has(sdp, "ice-lite"u8);
        remote = new DtlsRemote(fingerprint, setup, hasIce, hasIce ? IceLite.HashOf(fragment) : 0);
        return true;
    }

    /// <summary>What the answer to it repeats.</summary>
    public static DtlsForm FormOf(SdpView sdp)
    {
        var protocol = sdp.Protocol(sdp.AudioIndex);
        var id = MediaId.Of(Find(sdp, "mid:"u8));
        var streams = default(StreamLayout);
        for (var i = 0; i < sdp.MediaCount; i++) streams.Add(sdp.MediaType(i), i == sdp.AudioIndex);
        return new DtlsForm((protocol[^1] | 0x20) == 'f', id, !id.IsNone && IsInGroup(sdp, id), streams);
    }

    // Of several the strongest hash counts (RFC 8122 section 5), and of one hash the first line.
    private static bool TryFindFingerprint(SdpView sdp, out DtlsFingerprint best)
    {
        best = default;
        FindFingerprint(sdp.Audio.Block.Of(sdp.Text), ref best);
        if (best.IsNone) FindFingerprint(SessionOf(sdp), ref best);
        return !best.IsNone;
    }

    private static void FindFingerprint(ReadOnlySpan<byte> block, ref DtlsFingerprint best)
    {
        var lines = new SdpLineReader(block);
        while (lines.TryNext())
        {
            if (!TryValue(lines, block, "fingerprint:"u8, out var value)) continue;
            if (DtlsFingerprint.TryRead(value, out var read) && read.Hash > best.Hash) best = read;
        }
    }

    // a=group:BUNDLE 0 1 2
    private static bool IsInGroup(SdpView sdp, in MediaId id)
    {
        var block = SessionOf(sdp);
        var lines = new SdpLineReader(block);
        while (lines.TryNext())
        {
            if (!TryValue(lines, block, "group:BUNDLE "u8, out var names)) continue;
            while (!names.IsEmpty)
            {
                var end = names.IndexOf((byte)' ');
                var name = end < 0 ? names : names[..end];
                if (name.SequenceEqual(id.Text)) return true;
                names = end < 0 ? default : names[(end + 1)..];
            }
        }
        return false;
    }

    private static DtlsSetup SetupOf(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("actpass"u8)) return DtlsSetup.ActPass;
        if (text.SequenceEqual("active"u8)) return DtlsSetup.Active;
        return text.SequenceEqual("passive"u8) ? DtlsSetup.Passive : DtlsSetup.None;
    }

    private static ReadOnlySpan<byte> Find(SdpView sdp, scoped ReadOnlySpan<byte> name)
    {
        var value = FindIn(sdp.Audio.Block.Of(sdp.Text), name);
        return value.IsEmpty ? FindIn(SessionOf(sdp), name) : value;
    }

    private static ReadOnlySpan<byte> FindIn(ReadOnlySpan<byte> block, scoped ReadOnlySpan<byte> name)
    {
        var lines = new SdpLineReader(block);
        while (lines.TryNext())
        {
            if (TryValue(lines, block, name, out var value)) return value;
        }
        return default;
    }

    private static bool Has(SdpView sdp, ReadOnlySpan<byte> attribute)
    {
        var block = SessionOf(sdp);
        var lines = new SdpLineReader(block);
        while (lines.TryNext())
        {
            if (lines.Type == 'a' && lines.Value.Of(block).SequenceEqual(attribute)) return true;
        }
        return false;
    }

    private static bool TryValue(
        scoped in SdpLineReader line, ReadOnlySpan<byte> block, scoped ReadOnlySpan<byte> name,
        out ReadOnlySpan<byte> value)
    {
        value = line.Type == 'a' ? line.Value.Of(block) : default;
        if (!value.StartsWith(name)) return false;
        value = value[name.Length..].Trim((byte)' ');
        return true;
    }

    // What stands before the first m= line.
    private static ReadOnlySpan<byte> SessionOf(SdpView sdp) => sdp.Text[..sdp.Media(0).Block.Offset];
}
