namespace CallTracker.Media.Srtp;

/// <summary>
/// What is kept of one SSRC under one key (the cryptographic context of RFC 3711 section 3.2.3): its rollover counter,
/// which is the upper part of the highest index, and which indexes were used. Lives in a <see cref="SrtpSourceTable"/>.
/// </summary>
internal struct SrtpSource
{
    public uint Ssrc;
    public ReplayWindow Rtp;
    public ReplayWindow Rtcp;

    /// <summary>
    /// Finds the 48-bit index that a sequence number most likely means, the one nearest to the highest (RFC 3711
    /// section 3.3.1 and appendix A), and tells whether it may still be used. Changes nothing.
    /// </summary>
    public readonly SrtpResult Estimate(ushort sequence, out ulong index)
    {
        index = sequence;
        if (Rtp.IsEmpty) return SrtpResult.Ok;
        var highest = (ushort)Rtp.Highest;
        var rollover = (long)(Rtp.Highest >> 16);
        if (highest < 0x8000 && sequence - highest > 0x8000) rollover--;
        else if (highest >= 0x8000 && highest - 0x8000 > sequence) rollover++;
        if (rollover < 0) return SrtpResult.Replayed;
        if (rollover > uint.MaxValue) return SrtpResult.KeyExhausted;
        index = ((ulong)rollover << 16) | sequence;
        return Rtp.Admits(index) ? SrtpResult.Ok : SrtpResult.Replayed;
    }
}
