using CallTracker.Media.Quality;

namespace CallTracker.Media.Tests.Quality;

/// <summary>LSR and DLSR, matched with what passed.</summary>
public sealed class RoundTripTests
{
    private const uint HeldOneSecond = 65_536;

    [Fact]
    public void Answer_ToAReportThatPassed_IsTheTimeLessWhatThePeerHeldIt()
    {
        var trip = default(RoundTrip);
        (trip.LastUs, trip.MeanUs, trip.MaxUs).ShouldBe((-1L, -1L, -1L));
        trip.OnSent(0xabcd_0001, 1000);
        trip.OnAnswered(0xabcd_0001, HeldOneSecond, 2040);
        trip.OnSent(0xabcd_0002, 5000);
        trip.OnAnswered(0xabcd_0002, HeldOneSecond / 2, 5520);
        (trip.Count, trip.LastUs, trip.MeanUs, trip.MaxUs).ShouldBe((2U, 20_000L, 30_000L, 40_000L));
    }

    [Fact]
    public void Answer_ToNothingThatIsRemembered_SaysNothing()
    {
        var trip = default(RoundTrip);
        for (var i = 1; i <= 5; i++) trip.OnSent((uint)i, i * 1000);
        trip.OnAnswered(0, 0, 6000);
        trip.OnAnswered(99, 0, 6000);
        trip.OnAnswered(1, 0, 6000);
        trip.Count.ShouldBe(0U, "four are remembered");
        trip.OnAnswered(2, 0, 6000);
        trip.LastUs.ShouldBe(4_000_000);
    }

    [Fact]
    public void Answer_ThatHeldTheReportLongerThanItWasOut_IsNoneOrZero()
    {
        var trip = default(RoundTrip);
        trip.OnSent(7, 1000);
        trip.OnAnswered(7, HeldOneSecond, 1990);
        trip.LastUs.ShouldBe(0, "clocks are read in whole milliseconds");
        trip.OnAnswered(7, uint.MaxValue, 1990);
        trip.Count.ShouldBe(1U, "a lie is not counted");
    }
}
