using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CallTracker.Sip.Tokens;

/// <summary>
/// SipHash-1-3 (Aumasson and Bernstein, 2012) under a secret key: peers choose branches, tags and Call-IDs, so a table
/// hashed by anything weaker can be flooded into one bucket. A value; 64 bits are enough to stand for the key itself.
/// </summary>
public readonly struct SipHash
{
    private readonly ulong _key0;
    private readonly ulong _key1;

    public SipHash(ulong seed)
    {
        _key0 = Spread(seed);
        _key1 = Spread(seed ^ 0x9E37_79B9_7F4A_7C15);
    }

    /// <summary>The hash of the bytes, chained to what was hashed before.</summary>
    public ulong Hash(ReadOnlySpan<byte> bytes, ulong previous = 0)
    {
        var state = new State(_key0 ^ previous, _key1);
        var length = (ulong)bytes.Length << 56;
        while (bytes.Length >= 8)
        {
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        for (var i = 0; i < bytes.Length; i++) length |= (ulong)bytes[i] << (8 * i);
        state.Take(length);
        return state.Finish();
    }

    /// <summary>The hash of a number: the counter-mix behind tags and branches.</summary>
    public ulong Hash(ulong number, ulong previous = 0)
    {
        var state = new State(_key0 ^ previous, _key1);
        state.Take(number);
        state.Take(8UL << 56);
        return state.Finish();
    }

    // The finaliser of SplitMix64: every bit of the seed reaches every bit of the key.
    private static ulong Spread(ulong x)
    {
        x += 0x9E37_79B9_7F4A_7C15;
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736f_6d65_7073_6575;
        private ulong _v1 = key1 ^ 0x646f_7261_6e64_6f6d;
        private ulong _v2 = key0 ^ 0x6c79_6765_6e65_7261;
        private ulong _v3 = key1 ^ 0x7465_6462_7974_6573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
