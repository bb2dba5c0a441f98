using System.Buffers.Binary;
using System.Security.Cryptography;
using CallTracker.Core.Crypto;

namespace CallTracker.Media.Srtp;

/// <summary>
/// AES in counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1; RFC 6188 with 256 bits).
/// </summary>
internal sealed class SrtpCounterCipher : SrtpCipher
{
    private const int SaltLength = 14;
    private readonly AesCounter _rtp = new();
    private readonly AesCounter _rtcp = new();
    private readonly Sha1Mac _rtpMac = new();
    private readonly Sha1Mac _rtcpMac = new();
    private readonly byte[] _rtpSalt = new byte[SaltLength];
    private readonly byte[] _rtcpSalt = new byte[SaltLength];

    public override void SetKeys(SrtpKeyDerivation derivation, in SrtpMaster master, bool seals)
    {
        RtpTagLength = SrtpSuites.RtpTagLength(master.Suite);
        RtcpTagLength = SrtpSuites.RtcpTagLength(master.Suite);
        Span<byte> key = stackalloc byte[SrtpSuites.KeyLength(master.Suite)];
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        derivation.Begin(master);
        derivation.Derive(master, SrtpKeyLabel.RtpEncryption, key);
        _rtp.SetKey(key);
        derivation.Derive(master, SrtpKeyLabel.RtcpEncryption, key);
        _rtcp.SetKey(key);
        derivation.Derive(master, SrtpKeyLabel.RtpAuthentication, code);
        _rtpMac.SetKey(code);
        derivation.Derive(master, SrtpKeyLabel.RtcpAuthentication, code);
        _rtcpMac.SetKey(code);
        derivation.Derive(master, SrtpKeyLabel.RtpSalt, _rtpSalt);
        derivation.Derive(master, SrtpKeyLabel.RtcpSalt, _rtcpSalt);
        derivation.End();
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(code);
    }

    public override void SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, ulong index)
    {
        Apply(_rtp, _rtpSalt, ssrc, index, buffer[headerLength..length]);
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        ComputeRtp(buffer[..length], index, code);
        code[..RtpTagLength].CopyTo(buffer[length..]);
    }

    public override bool TryOpenRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        var authentic = packet[..^RtpTagLength];
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        ComputeRtp(authentic, index, code);
        if (!CryptographicOperations.FixedTimeEquals(code[..RtpTagLength], packet[^RtpTagLength..])) return false;
        Apply(_rtp, _rtpSalt, ssrc, index, authentic[headerLength..]);
        return true;
    }

    // header and SSRC (clear) | encrypted | E and index | tag
    public override void SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        Apply(_rtcp, _rtcpSalt, ssrc, index, buffer[RtcpClearLength..length]);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], index | EncryptedBit);
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        _rtcpMac.Compute(buffer[..(length + RtcpIndexLength)], default, code);
        code[..RtcpTagLength].CopyTo(buffer[(length + RtcpIndexLength)..]);
    }

    public override uint RtcpIndexWord(ReadOnlySpan<byte> datagram) =>
        BinaryPrimitives.ReadUInt32BigEndian(datagram[^(RtcpTagLength + RtcpIndexLength)..]);

    public override bool TryOpenRtcp(Span<byte> datagram, uint ssrc, uint indexWord)
    {
        Span<byte> code = stackalloc byte[Sha1Mac.Length];
        _rtcpMac.Compute(datagram[..^RtcpTagLength], default, code);
        if (!CryptographicOperations.FixedTimeEquals(code[..RtcpTagLength], datagram[^RtcpTagLength..])) return false;
        if ((indexWord & EncryptedBit) == 0) return true;
        var data = datagram[RtcpClearLength..^(RtcpTagLength + RtcpIndexLength)];
        Apply(_rtcp, _rtcpSalt, ssrc, indexWord & ~EncryptedBit, data);
        return true;
    }

    public override void Forget()
    {
        _rtp.Forget();
        _rtcp.Forget();
        _rtpMac.Forget();
        _rtcpMac.Forget();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpMac.Dispose();
        _rtcpMac.Dispose();
    }

    // The code covers the packet and, behind it, the rollover counter, which is not sent.
    private void ComputeRtp(ReadOnlySpan<byte> packet, ulong index, Span<byte> code)
    {
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        _rtpMac.Compute(packet, rollover, code);
    }

    // IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16)
    private static void Apply(AesCounter cipher, ReadOnlySpan<byte> salt, uint ssrc, ulong index, Span<byte> data)
    {
        Span<byte> block = stackalloc byte[AesCounter.BlockLength];
        BinaryPrimitives.WriteUInt32BigEndian(block, 0);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(block[8..], index << 16);
        for (var i = 0; i < SaltLength; i++) block[i] ^= salt[i];
        cipher.Apply(block, data);
    }
}
