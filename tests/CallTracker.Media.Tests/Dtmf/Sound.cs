namespace CallTracker.Media.Tests.Dtmf;

/// <summary>Builds 16-bit audio for tests out of sines, noise and silence; the level of a sine is in dBm0.</summary>
internal sealed class Sound(int rateHz = 8000)
{
    private const double FullScale = 32_124;
    private const double FullScaleDbm0 = 3.17;
    private static readonly int[] RowsHz = [697, 770, 852, 941];
    private static readonly int[] ColumnsHz = [1209, 1336, 1477, 1633];
    private readonly List<double> _samples = [];

    public short[] Samples =>
        [.. _samples.Select(s => (short)Math.Clamp(Math.Round(s), short.MinValue, short.MaxValue))];

    public static double Amplitude(double dbm0) => FullScale * Math.Pow(10, (dbm0 - FullScaleDbm0) / 20);

    public Sound Silence(double ms) => Tones(ms);

    /// <summary>A key's two tones.</summary>
    /// <param name="key">One of 0123456789*#ABCD.</param>
    /// <param name="ms">How long.</param>
    /// <param name="lowDbm0">Level of the row's tone.</param>
    /// <param name="highDbm0">Level of the column's.</param>
    /// <param name="lowOff">Error of the row's frequency, 0.015 for 1.5 %.</param>
    /// <param name="highOff">Error of the column's.</param>
    public Sound Key(
        char key, double ms = 100, double lowDbm0 = -9, double highDbm0 = -7, double lowOff = 0, double highOff = 0)
    {
        var place = "123A456B789C*0#D".IndexOf(key, StringComparison.Ordinal);
        return Tones(
            ms,
            (RowsHz[place / 4] * (1 + lowOff), lowDbm0),
            (ColumnsHz[place % 4] * (1 + highOff), highDbm0));
    }

    public Sound Tones(double ms, params (double Hz, double Dbm0)[] tones)
    {
        var count = (int)Math.Round(ms * rateHz / 1000);
        var start = _samples.Count;
        for (var i = 0; i < count; i++)
        {
            var at = (start + i) / (double)rateHz;
            _samples.Add(tones.Sum(t => Amplitude(t.Dbm0) * Math.Sin((2 * Math.PI * t.Hz * at) + (t.Hz % 7))));
        }
        return this;
    }

    /// <summary>Adds white noise of this power to all there is; a sine of the same level has as much.</summary>
    public Sound WithNoise(double dbm0, int seed)
    {
        var random = new Random(seed);
        var deviation = Amplitude(dbm0) / Math.Sqrt(2);
        for (var i = 0; i < _samples.Count; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
            _samples[i] += deviation * normal;
        }
        return this;
    }
}
