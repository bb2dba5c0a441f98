using System.Buffers.Binary;
using System.Security.Cryptography;
using CallTracker.Core.Crypto;

namespace CallTracker.Media.Srtp;

/// <summary>AES in Galois/counter mode (RFC 7714): the tag is part of the encrypted text.</summary>
internal sealed class SrtpGaloisCipher : SrtpCipher
{
    private readonly AesGalois _rtp = new();
    private readonly AesGalois _rtcp = new();
    private readonly byte[] _rtpSalt = new byte[AesGalois.NonceLength];
    private readonly byte[] _rtcpSalt = new byte[AesGalois.NonceLength];

    public SrtpGaloisCipher() => RtpTagLength = RtcpTagLength = AesGalois.TagLength;

    public override void SetKeys(SrtpKeyDerivation derivation, in SrtpMaster master, bool seals)
    {
        Span<byte> key = stackalloc byte[SrtpSuites.KeyLength(master.Suite)];
        derivation.Begin(master);
        derivation.Derive(master, SrtpKeyLabel.RtpEncryption, key);
        _rtp.SetKey(key, seals);
        derivation.Derive(master, SrtpKeyLabel.RtcpEncryption, key);
        _rtcp.SetKey(key, seals);
        derivation.Derive(master, SrtpKeyLabel.RtpSalt, _rtpSalt);
        derivation.Derive(master, SrtpKeyLabel.RtcpSalt, _rtcpSalt);
        derivation.End();
        CryptographicOperations.ZeroMemory(key);
    }

    // What is authenticated and not encrypted is the header with its extension (section 8.2).
    public override void SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[AesGalois.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        _rtp.Seal(nonce, buffer[..headerLength], default, buffer[headerLength..length],
            buffer.Slice(length, AesGalois.TagLength));
    }

    public override bool TryOpenRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[AesGalois.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        return _rtp.TryOpen(nonce, packet[..headerLength], default, packet[headerLength..^AesGalois.TagLength],
            packet[^AesGalois.TagLength..]);
    }

    // header and SSRC (clear) | encrypted | tag | E and index; the last word is authenticated as well (section 9.2).
    public override void SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        var word = buffer.Slice(length + AesGalois.TagLength, RtcpIndexLength);
        BinaryPrimitives.WriteUInt32BigEndian(word, index | EncryptedBit);
        Span<byte> nonce = stackalloc byte[AesGalois.NonceLength];
        WriteRtcpNonce(nonce, ssrc, index);
        _rtcp.Seal(nonce, buffer[..RtcpClearLength], word, buffer[RtcpClearLength..length],
            buffer.Slice(length, AesGalois.TagLength));
    }

    public override uint RtcpIndexWord(ReadOnlySpan<byte> datagram) =>
        BinaryPrimitives.ReadUInt32BigEndian(datagram[^RtcpIndexLength..]);

    // Without encryption all of it is clear and the tag alone stands behind it (section 9.3).
    public override bool TryOpenRtcp(Span<byte> datagram, uint ssrc, uint indexWord)
    {
        Span<byte> nonce = stackalloc byte[AesGalois.NonceLength];
        WriteRtcpNonce(nonce, ssrc, indexWord & ~EncryptedBit);
        var body = datagram[..^(AesGalois.TagLength + RtcpIndexLength)];
        var clearLength = (indexWord & EncryptedBit) != 0 ? RtcpClearLength : body.Length;
        return _rtcp.TryOpen(nonce, body[..clearLength], datagram[^RtcpIndexLength..], body[clearLength..],
            datagram.Slice(body.Length, AesGalois.TagLength));
    }

    public override void Forget()
    {
        _rtp.Forget();
        _rtcp.Forget();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    // 00 00 | SSRC | ROC | SEQ, each added (exclusive or) to the salt (section 8.1)
    private void WriteRtpNonce(Span<byte> nonce, uint ssrc, ulong index)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)index);
        for (var i = 0; i < nonce.Length; i++) nonce[i] ^= _rtpSalt[i];
    }

    // 00 00 | SSRC | 00 00 | 0 and index, each added to the salt (section 9.1)
    private void WriteRtcpNonce(Span<byte> nonce, uint ssrc, uint index)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        for (var i = 0; i < nonce.Length; i++) nonce[i] ^= _rtcpSalt[i];
    }
}
