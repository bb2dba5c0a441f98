using System.Buffers.Binary;

namespace CallTracker.Media.Srtp;

/// <summary>
/// What one peer sends under one master key, opened in the order that RFC 3711 section 3.3 sets: index, replay, tag,
/// and only then anything is noted. A packet that is refused leaves no trace. Part of an <see cref="SrtpSide"/>; its
/// worker alone touches it.
/// </summary>
internal sealed class SrtpReceiver
{
    private SrtpCipher? _cipher;
    private SrtpSourceTable _sources;

    /// <summary>True once a packet was authentic under this key.</summary>
    public bool HasHeard { get; private set; }

    /// <summary>How many sources are kept.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>Begins with a cipher that has its keys.</summary>
    public void Begin(SrtpCipher cipher)
    {
        _cipher = cipher;
        _sources.Clear();
        HasHeard = false;
    }

    /// <summary>Gives the cipher back; null when there is none.</summary>
    public SrtpCipher? End()
    {
        var cipher = _cipher;
        _cipher = null;
        _sources.Clear();
        return cipher;
    }

    /// <summary>Opens an RTP packet in place; it is shorter by the tag afterwards.</summary>
    public SrtpResult OpenRtp(Span<byte> packet, int headerLength, ushort sequence, uint ssrc, out int length)
    {
        length = 0;
        if (_cipher is not { } cipher) return SrtpResult.NoKey;
        length = packet.Length - cipher.RtpTagLength;
        if (length < headerLength) return SrtpResult.BadLength;
        var place = _sources.Find(ssrc);
        ulong index = sequence;
        var expected = place >= 0 ? _sources.At(place).Estimate(sequence, out index)
            : _sources.Count < SrtpSourceTable.CountMax ? SrtpResult.Ok : SrtpResult.TooManySources;
        if (expected != SrtpResult.Ok) return expected;
        if (!cipher.TryOpenRtp(packet, headerLength, ssrc, index)) return SrtpResult.Forged;
        if (place < 0) place = _sources.Add(ssrc);
        _sources.At(place).Rtp.Mark(index);
        HasHeard = true;
        return SrtpResult.Ok;
    }

    /// <summary>Opens an RTCP datagram in place; it is shorter by index and tag afterwards.</summary>
    public SrtpResult OpenRtcp(Span<byte> datagram, out int length)
    {
        length = 0;
        if (_cipher is not { } cipher) return SrtpResult.NoKey;
        length = datagram.Length - cipher.RtcpTagLength - SrtpCipher.RtcpIndexLength;
        if (length < SrtpCipher.RtcpClearLength) return SrtpResult.BadLength;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        var word = cipher.RtcpIndexWord(datagram);
        var index = word & ~SrtpCipher.EncryptedBit;
        var place = _sources.Find(ssrc);
        if (place < 0 && _sources.Count == SrtpSourceTable.CountMax) return SrtpResult.TooManySources;
        if (place >= 0 && !_sources.At(place).Rtcp.Admits(index)) return SrtpResult.Replayed;
        if (!cipher.TryOpenRtcp(datagram, ssrc, word)) return SrtpResult.Forged;
        if (place < 0) place = _sources.Add(ssrc);
        _sources.At(place).Rtcp.Mark(index);
        HasHeard = true;
        return SrtpResult.Ok;
    }
}
