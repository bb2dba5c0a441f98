using System.Security.Cryptography;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// Makes and checks the nonces of a server without a table of them: time, worker, serial number and a keyed hash (HMAC
/// SHA-256 over these and the peer's address). A small fixed table of used serials refuses replays: a serial whose
/// place was taken by a later one is stale, never good. Owned by one worker thread.
/// </summary>
/// <param name="key">32 secret random bytes.</param>
/// <param name="worker">Only the worker that made a nonce can count it; others call it stale.</param>
public sealed class DigestNonces(byte[] key, byte worker)
{
    /// <summary>Bytes of a nonce: time 8, worker 2, serial 8, hash 32 hexadecimal digits.</summary>
    public const int Length = PlainLength + MacLength;

    /// <summary>How long a nonce may be used.</summary>
    public const int LifeSec = 300;
    private const int PlainLength = 18;
    private const int MacLength = 32;
    private const int UsedCount = 4096;
    private readonly UsedNonce[] _used = new UsedNonce[UsedCount];
    private uint _serial;

    /// <summary>A new nonce for a peer, which may use another port with it but no other address.</summary>
    // nonce = 8LHEX 2LHEX 8LHEX 32LHEX
    public ReadOnlySpan<byte> Write(Span<byte> destination, in IpEndpoint peer, long nowMs)
    {
        WriteHex((uint)(nowMs / 1000), destination[..8]);
        WriteHex(worker, destination.Slice(8, 2));
        WriteHex(++_serial, destination.Slice(10, 8));
        WriteMac(destination[..PlainLength], peer, destination.Slice(PlainLength, MacLength));
        return destination[..Length];
    }

    /// <summary>
    /// True when the nonce is ours, young, of this peer and its count grows; the count is remembered. To be asked only
    /// once the digest itself was right, so that strangers cannot fill the table.
    /// </summary>
    public bool TryUse(ReadOnlySpan<byte> nonce, in IpEndpoint peer, uint count, long nowMs)
    {
        if (!IsGenuine(nonce, peer) || !TryReadHex(nonce.Slice(8, 2), out var maker) || maker != worker) return false;
        _ = TryReadHex(nonce[..8], out var madeSec);
        _ = TryReadHex(nonce.Slice(10, 8), out var serial);
        if ((uint)(nowMs / 1000) - madeSec > LifeSec) return false;
        ref var used = ref _used[serial % UsedCount];
        if (used.Serial > serial || (used.Serial == serial && count <= used.Count)) return false;
        used = new UsedNonce(serial, count);
        return true;
    }

    private bool IsGenuine(ReadOnlySpan<byte> nonce, in IpEndpoint peer)
    {
        if (nonce.Length != Length) return false;
        Span<byte> mac = stackalloc byte[MacLength];
        WriteMac(nonce[..PlainLength], peer, mac);
        return CryptographicOperations.FixedTimeEquals(mac, nonce[PlainLength..]);
    }

    private void WriteMac(ReadOnlySpan<byte> plain, in IpEndpoint peer, Span<byte> destination)
    {
        Span<byte> text = stackalloc byte[PlainLength + 16];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        plain.CopyTo(text);
        BitConverter.TryWriteBytes(text[PlainLength..], peer.High);
        BitConverter.TryWriteBytes(text[(PlainLength + 8)..], peer.Low);
        HMACSHA256.HashData(key, text, hash);
        Convert.TryToHexStringLower(hash[..(MacLength / 2)], destination, out _);
    }

    private static void WriteHex(uint value, Span<byte> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--, value >>= 4)
            destination[i] = "0123456789abcdef"u8[(int)(value & 15)];
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = SipChars.HexValue(c);
            if (digit < 0) return false;
            value = (value << 4) | (uint)digit;
        }
        return true;
    }

    private readonly record struct UsedNonce(uint Serial, uint Count);
}
