using CallTracker.Fuzz.Tests.Targets;

namespace CallTracker.Fuzz.Tests;

/// <summary>
/// Each target for a moment; <c>CALLTRACKER_FUZZ_SEC</c> gives each so many seconds with seeds of their own.
/// </summary>
public sealed class FuzzTests
{
    private const int CountMin = 3_000;

    [Fact]
    public void SipMessage_UnderMutation_AgreesWithItsOracle() => Fuzz(new SipMessageFuzzTarget());

    [Fact]
    public void Address_UnderMutation_AgreesWithItsOracle() => Fuzz(new AddressFuzzTarget());

    [Fact]
    public void Sdp_UnderMutation_AgreesWithItsOracle() => Fuzz(new SdpFuzzTarget());

    [Fact]
    public void StreamFraming_UnderMutation_AgreesWithItsOracle() => Fuzz(new StreamFramingFuzzTarget());

    [Fact]
    public void Digest_UnderMutation_AgreesWithItsOracle() => Fuzz(new DigestFuzzTarget());

    private static void Fuzz(IFuzzTarget target)
    {
        var isLong = int.TryParse(Environment.GetEnvironmentVariable("CALLTRACKER_FUZZ_SEC"), null, out var seconds);
        var run = new FuzzRun(target, isLong ? Environment.TickCount : 1);
        run.Run(TimeSpan.FromSeconds(seconds), CountMin);
        TestContext.Current.TestOutputHelper!.WriteLine(run.ToString());
        // A run that never gets past the first line, or never off it, tries nothing.
        run.AcceptedCount.ShouldBeInRange(run.Count / 100, run.Count * 99 / 100);
    }
}
