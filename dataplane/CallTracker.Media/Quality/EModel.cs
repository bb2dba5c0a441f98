namespace CallTracker.Media.Quality;

/// <summary>
/// How a listener would rate a call: the E-model of ITU-T G.107 (narrow band), with all inputs at their defaults but
/// delay and packet loss: R = 93.2 − Idd − Ie,eff. Echo is taken as cancelled (Idte and Idle at their defaults lie in
/// the 93.2), loss as random (BurstR = 1). Pure.
/// </summary>
public static class EModel
{
    /// <summary>R of a connection without delay, loss or low-rate codec: all inputs of G.107 at their
    /// defaults.</summary>
    public const double BestR = 93.2;
    private const double DelayMsFree = 100;

    /// <summary>The rating R.</summary>
    /// <param name="delayMs">One way, from mouth to ear (Ta).</param>
    /// <param name="lossRatio">Share of packets that were lost, 0 to 1 (Ppl / 100).</param>
    /// <param name="codec">What the codec costs.</param>
    public static double Rating(double delayMs, double lossRatio, CodecImpairment codec) =>
        BestR - DelayImpairment(delayMs) - EquipmentImpairment(lossRatio, codec);

    /// <summary>Mean opinion score of a rating (MOS-CQE, G.107 annex B): 1 to 4.5.</summary>
    public static double Mos(double rating)
    {
        if (rating <= 0) return 1;
        if (rating >= 100) return 4.5;
        // Below an R of about 6.5 the cubic falls under the scale's end.
        return Math.Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6));
    }

    // G.107 equations 7-27 and 7-28: Idd = 25 {(1 + X^6)^(1/6) − 3 (1 + (X/3)^6)^(1/6) + 2}, X = log2(Ta / 100)
    private static double DelayImpairment(double delayMs)
    {
        if (delayMs <= DelayMsFree) return 0;
        var x = Math.Log2(delayMs / DelayMsFree);
        return 25 * (Root(x) - (3 * Root(x / 3)) + 2);
    }

    private static double Root(double x) => Math.Pow(1 + Math.Pow(x, 6), 1.0 / 6);

    // G.107 equation 7-29 with BurstR = 1: Ie,eff = Ie + (95 − Ie) Ppl / (Ppl + Bpl)
    private static double EquipmentImpairment(double lossRatio, CodecImpairment codec)
    {
        var lossPercent = Math.Clamp(lossRatio, 0, 1) * 100;
        return codec.Ie + ((95 - codec.Ie) * lossPercent / (lossPercent + codec.Bpl));
    }
}
