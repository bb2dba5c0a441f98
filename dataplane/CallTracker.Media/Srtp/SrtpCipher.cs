namespace CallTracker.Media.Srtp;

/// <summary>
/// The transform of one direction under one master key: which bytes are encrypted and how they are authenticated. Keeps
/// nothing of the stream; indexes come in. Owns native contexts, pooled by <see cref="SrtpPool"/>; one thread.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>
    /// Set in the word that carries an SRTCP index when the datagram is encrypted (RFC 3711 section 3.4).
    /// </summary>
    public const uint EncryptedBit = 0x8000_0000;

    /// <summary>The SRTCP index and its bit.</summary>
    public const int RtcpIndexLength = 4;

    /// <summary>The part of an RTCP datagram that stays clear: its first header and SSRC.</summary>
    public const int RtcpClearLength = 8;

    public int RtpTagLength { get; protected set; }

    public int RtcpTagLength { get; protected set; }

    /// <summary>Derives the session keys of a master key.</summary>
    public abstract void SetKeys(SrtpKeyDerivation derivation, in SrtpMaster master, bool seals);

    /// <summary>Encrypts a packet's payload in place and writes the tag behind it, for which there is room.</summary>
    public abstract void SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, ulong index);

    /// <summary>Authenticates a packet and decrypts its payload in place; false leaves it as it was.</summary>
    public abstract bool TryOpenRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index);

    /// <summary>
    /// Encrypts an RTCP datagram in place and writes index and tag behind it, for which there is room.
    /// </summary>
    public abstract void SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index);

    /// <summary>The word with bit and index of a datagram that is long enough.</summary>
    public abstract uint RtcpIndexWord(ReadOnlySpan<byte> datagram);

    /// <summary>Authenticates an RTCP datagram and decrypts it in place; false leaves it as it was.</summary>
    public abstract bool TryOpenRtcp(Span<byte> datagram, uint ssrc, uint indexWord);

    /// <summary>Overwrites the keys.</summary>
    public abstract void Forget();

    public abstract void Dispose();
}
