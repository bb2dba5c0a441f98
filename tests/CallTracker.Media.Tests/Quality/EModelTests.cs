using CallTracker.Media.Quality;

namespace CallTracker.Media.Tests.Quality;

/// <summary>The E-model against what ITU-T publishes of it.</summary>
public sealed class EModelTests
{
    // ITU-T G.107 annex B table B.1: limits of user satisfaction, R and MOS-CQE; and the defaults of table 3.
    [Theory]
    [InlineData(93.2, 4.41)]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.03)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    [InlineData(0, 1)]
    [InlineData(-20, 1)]
    [InlineData(100, 4.5)]
    [InlineData(120, 4.5)]
    public void Mos_OfAPublishedRating_IsThePublishedScore(double rating, double expected) =>
        EModel.Mos(rating).ShouldBe(expected, 0.0075);

    [Fact]
    public void Mos_OverTheWholeScale_NeverFallsNorLeavesIt()
    {
        var before = 1.0;
        for (var rating = -10.0; rating <= 110; rating += 0.1)
        {
            var mos = EModel.Mos(rating);
            mos.ShouldBeInRange(before, 4.5, $"at {rating}");
            before = mos;
        }
    }

    // ITU-T G.114 figure 1: without echo nothing is lost up to 150 ms, and R is about 80 at 260 ms and 70 at 400 ms.
    [Theory]
    [InlineData(0, 93.2, 0.001)]
    [InlineData(100, 93.2, 0.001)]
    [InlineData(150, 93.0, 0.2)]
    [InlineData(260, 82, 2.5)]
    [InlineData(400, 69.5, 1)]
    [InlineData(500, 62, 2)]
    public void Rating_OfADelayAlone_IsThatOfTheCurve(double delayMs, double expected, double tolerance) =>
        EModel.Rating(delayMs, 0, CodecImpairment.G711).ShouldBe(expected, tolerance);

    // By hand: Ie,eff = Ie + (95 − Ie) Ppl / (Ppl + Bpl), at 60 ms.
    [Theory]
    [InlineData("PCMA", 0.01, 3.640)]
    [InlineData("PCMU", 0.05, 15.781)]
    [InlineData("g729", 0, 11)]
    [InlineData("G729", 0.02, 19)]
    [InlineData("AMR", 0.03, 25.769)]
    [InlineData("G723", 0.01, 19.678)]
    [InlineData("opus", 0, 0)]
    [InlineData("G722", 1, 75.939)]
    public void Rating_OfLossAlone_FallsByTheCodecsOwnCurve(string codec, double lossRatio, double impairment)
    {
        var of = CodecImpairment.Of(System.Text.Encoding.ASCII.GetBytes(codec));
        (EModel.BestR - EModel.Rating(60, lossRatio, of)).ShouldBe(impairment, 0.002);
    }

    [Fact]
    public void Rating_OfANonsenseLoss_StaysOnTheScale()
    {
        EModel.Mos(EModel.Rating(0, 7, CodecImpairment.G711)).ShouldBeInRange(1, 2);
        EModel.Rating(0, -1, CodecImpairment.G711).ShouldBe(EModel.BestR);
    }
}
