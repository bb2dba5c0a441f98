using CallTracker.Media.Relay;

namespace CallTracker.Node.Workers;

/// <summary>The media of a call in progress at one moment. Immutable.</summary>
/// <param name="TrnId">処理ID.</param>
/// <param name="UnixMs">The moment.</param>
/// <param name="AnsweredUnixMs">When it was answered; 0: not yet.</param>
/// <param name="Inbound">What the caller's side sends.</param>
/// <param name="Outbound">What the destination's side sends.</param>
internal sealed record RunningMedia(
    string TrnId, long UnixMs, long AnsweredUnixMs, MediaTotals Inbound, MediaTotals Outbound)
{
    /// <summary>Of the side that is heard worse; a side that sent nothing is the worst.</summary>
    public double Mos => Math.Min(Inbound.Quality.Mos, Outbound.Quality.Mos);
}
