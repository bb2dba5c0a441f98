using System.Globalization;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>
/// How much of the scenario set is played: a little with every run of <c>ops/test</c>, much with
/// <c>ops/test --full sipp</c>, which sets CALLTRACKER_SIPP_FULL. Immutable.
/// </summary>
/// <param name="Calls">Calls of a scenario in one round.</param>
/// <param name="Rounds">Rounds without loss; with loss there is one more, where the scenario can take it.</param>
/// <param name="LossPercent">Messages that each SIPp loses in that round, both ways; 0: there is none.</param>
internal sealed record SippSetting(int Calls, int Rounds, int LossPercent)
{
    public static SippSetting Current { get; } =
        Environment.GetEnvironmentVariable("CALLTRACKER_SIPP_FULL") is { Length: > 0 } value
        && int.TryParse(value, CultureInfo.InvariantCulture, out var isFull) && isFull == 1
            ? new SippSetting(Calls: 40, Rounds: 3, LossPercent: 5)
            : new SippSetting(Calls: 2, Rounds: 1, LossPercent: 0);
}
