namespace CallTracker.Media.Codecs;

/// <summary>
/// Comfort noise (RFC 3389): reads what a peer says of its background noise and makes noise like it; measures our own
/// for a peer. One stream, one thread.
/// </summary>
public sealed class ComfortNoise
{
    /// <summary>Reflection coefficients that are looked at; more add nothing that can be heard (section 3.2).</summary>
    public const int OrderMax = 10;
    /// <summary>The lowest level there is, in -dBov.</summary>
    public const int LevelMax = 127;
    private const double FullScale = 32_768;
    private readonly float[] _coefficients = new float[OrderMax];
    private readonly float[] _memory = new float[OrderMax + 1];
    private int _order;
    private float _amplitude;
    private uint _random = 0x9e37_79b9;

    /// <summary>Noise level, in -dBov; what came last.</summary>
    public int Level { get; private set; } = LevelMax;

    /// <summary>
    /// Takes a payload: one byte of level, then one for each reflection coefficient (section 3). False and no change
    /// when it is none.
    /// </summary>
    public bool TryTake(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] > LevelMax) return false;
        Level = payload[0];
        _order = Math.Min(payload.Length - 1, OrderMax);
        var residue = 1.0;
        for (var i = 0; i < _order; i++)
        {
            // k = 258 (N - 127) / 32768; 255 is not used.
            var k = 258.0 * (Math.Min((int)payload[i + 1], 254) - 127) / 32_768;
            _coefficients[i] = (float)k;
            residue *= 1 - (k * k);
        }
        // Even noise in [-1, 1) has a power of a third.
        _amplitude = (float)(FullScale * Math.Pow(10, -Level / 20.0) * Math.Sqrt(3 * residue));
        return true;
    }

    /// <summary>Fills the span with noise; it goes on from the last.</summary>
    public void Fill(Span<short> samples)
    {
        foreach (ref var sample in samples)
            sample = (short)Math.Clamp(Shape(Next() * _amplitude), short.MinValue, short.MaxValue);
    }

    /// <summary>Silence until the next payload.</summary>
    public void Reset()
    {
        Array.Clear(_memory);
        (_order, _amplitude, Level) = (0, 0, LevelMax);
    }

    /// <summary>Writes the payload for noise as loud as these samples, of even spectrum.</summary>
    /// <returns>1, or 0 without room.</returns>
    public static int Write(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        if (payload.IsEmpty || samples.IsEmpty) return 0;
        var sum = 0.0;
        foreach (var sample in samples) sum += sample * (double)sample;
        var root = Math.Sqrt(sum / samples.Length);
        payload[0] = root < 1e-3
            ? (byte)LevelMax
            : (byte)Math.Clamp(Math.Round(-20 * Math.Log10(root / FullScale)), 0, LevelMax);
        return 1;
    }

    // The all-pole lattice: |k| < 1 keeps it stable, whatever the payload says.
    private float Shape(float value)
    {
        for (var i = _order - 1; i >= 0; i--)
        {
            value -= _coefficients[i] * _memory[i];
            _memory[i + 1] = (_coefficients[i] * value) + _memory[i];
        }
        _memory[0] = value;
        return value;
    }

    // xorshift32, as a number in [-1, 1).
    private float Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)_random / 2_147_483_648f;
    }
}
