using System.Buffers.Binary;

namespace CallTracker.Media.Srtp;

/// <summary>
/// What we send to one peer under one master key. Sequence numbers are those of the relayed stream, so a window stands
/// here too: an index that was used is refused, since two packets under one key stream give both away. Part of an
/// <see cref="SrtpSide"/>; its worker alone touches it.
/// </summary>
internal sealed class SrtpSender
{
    // 2^31 datagrams of SRTCP under one key (RFC 3711 section 9.2).
    private const uint RtcpIndexMax = 0x7fff_ffff;
    private SrtpCipher? _cipher;
    private SrtpSourceTable _sources;

    public void Begin(SrtpCipher cipher)
    {
        _cipher = cipher;
        _sources.Clear();
    }

    /// <summary>Gives the cipher back; null when there is none.</summary>
    public SrtpCipher? End()
    {
        var cipher = _cipher;
        _cipher = null;
        _sources.Clear();
        return cipher;
    }

    /// <summary>Seals an RTP packet in place.</summary>
    /// <param name="buffer">The packet and room behind it.</param>
    /// <param name="headerLength">Of the packet's header, extension included.</param>
    /// <param name="sequence">From the header.</param>
    /// <param name="ssrc">From the header.</param>
    /// <param name="length">Of the packet; grows by the tag.</param>
    public SrtpResult SealRtp(Span<byte> buffer, int headerLength, ushort sequence, uint ssrc, ref int length)
    {
        if (_cipher is not { } cipher) return SrtpResult.NoKey;
        if (length + cipher.RtpTagLength > buffer.Length) return SrtpResult.BadLength;
        if (!TryFindOrAdd(ssrc, out var place)) return SrtpResult.TooManySources;
        ref var source = ref _sources.At(place);
        var expected = source.Estimate(sequence, out var index);
        if (expected != SrtpResult.Ok) return expected;
        source.Rtp.Mark(index);
        cipher.SealRtp(buffer, length, headerLength, ssrc, index);
        length += cipher.RtpTagLength;
        return SrtpResult.Ok;
    }

    /// <summary>Seals an RTCP datagram in place, with the next index of its source.</summary>
    public SrtpResult SealRtcp(Span<byte> buffer, ref int length)
    {
        if (_cipher is not { } cipher) return SrtpResult.NoKey;
        var grown = length + cipher.RtcpTagLength + SrtpCipher.RtcpIndexLength;
        if (grown > buffer.Length || length < SrtpCipher.RtcpClearLength) return SrtpResult.BadLength;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (!TryFindOrAdd(ssrc, out var place)) return SrtpResult.TooManySources;
        ref var sent = ref _sources.At(place).Rtcp;
        var index = sent.IsEmpty ? 0 : (uint)sent.Highest + 1;
        if (index > RtcpIndexMax) return SrtpResult.KeyExhausted;
        sent.Mark(index);
        cipher.SealRtcp(buffer, length, ssrc, index);
        length = grown;
        return SrtpResult.Ok;
    }

    private bool TryFindOrAdd(uint ssrc, out int place)
    {
        place = _sources.Find(ssrc);
        if (place < 0 && _sources.Count < SrtpSourceTable.CountMax) place = _sources.Add(ssrc);
        return place >= 0;
    }
}
