using System.Security.Cryptography;
using System.Text;
using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Remembers verified PASSporTs for as long as they are fresh: the same one on another call is a copy (RFC 8224
/// section 12.1). The called number is part of the key, so that a call diverted through us twice is two; the Call-ID
/// tells a repeated try of one call from a replay. Two generations of bounded size; when one is full or old, the
/// other is forgotten. Any thread.
/// </summary>
internal sealed class ReplayGuard(int entriesMax, int freshSec)
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, ulong> _young = [];
    private Dictionary<UInt128, ulong> _old = [];
    private long _turnedMs;

    /// <summary>True when the same PASSporT was seen for another call; else it is remembered.</summary>
    public bool IsReplay(Passport passport, StirJob job)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // The signature is no key: it can be rewritten by anyone into another valid one (s to n - s).
        byte[] signed = [.. passport.SigningInput, .. Encoding.ASCII.GetBytes(PassportNumber.Of(job.Called))];
        SHA256.HashData(signed, hash);
        var key = BitConverter.ToUInt128(hash);
        SHA256.HashData(job.CallId, hash);
        var call = BitConverter.ToUInt64(hash);
        lock (_lock)
        {
            Turn(job.UnixMs);
            if (_young.TryGetValue(key, out var seen) || _old.TryGetValue(key, out seen)) return seen != call;
            _young[key] = call;
            return false;
        }
    }

    // A PASSporT is fresh for twice freshSec at most: from so long before its iat to so long after.
    private void Turn(long nowMs)
    {
        if (_young.Count < entriesMax && nowMs - _turnedMs < freshSec * 2000L) return;
        (_young, _old) = (_old, _young);
        _young.Clear();
        _turnedMs = nowMs;
    }
}
