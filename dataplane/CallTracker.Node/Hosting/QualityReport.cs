using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>The media of a call in progress as the node's HTTP side tells it. Immutable.</summary>
/// <param name="TrnId">処理ID.</param>
/// <param name="At">The moment.</param>
/// <param name="AnsweredAt">Null before the answer.</param>
/// <param name="Inbound">What the caller's side sends.</param>
/// <param name="Outbound">What the destination's side sends.</param>
internal sealed record QualityReport(
    string TrnId, DateTimeOffset At, DateTimeOffset? AnsweredAt, QualityReportSide Inbound, QualityReportSide Outbound)
{
    /// <param name="now">As the worker has it.</param>
    /// <param name="before">The same a second ago; null: it begins here.</param>
    public static QualityReport Of(RunningMedia now, RunningMedia? before) => new(
        now.TrnId, Time(now.UnixMs), now.AnsweredUnixMs == 0 ? null : Time(now.AnsweredUnixMs),
        QualityReportSide.Of(now.Inbound, before?.Inbound), QualityReportSide.Of(now.Outbound, before?.Outbound));

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
