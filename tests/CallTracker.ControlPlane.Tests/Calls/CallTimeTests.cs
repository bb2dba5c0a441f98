using CallTracker.ControlPlane.Calls;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Calls;

/// <summary>How times are read and written.</summary>
public sealed class CallTimeTests
{
    [Theory]
    [InlineData("2026-09-01T10:00:00.123+09:00", 1_788_224_400_123)]
    [InlineData("2026-09-01T10:00:00.123 09:00", 1_788_224_400_123)]
    [InlineData("2026-09-01T01:00:00.123Z", 1_788_224_400_123)]
    [InlineData("2026-09-01T10:00:00", 1_788_224_400_000)]
    [InlineData("2026-09-01 10:00:00", 1_788_224_400_000)]
    [InlineData("2026-09-01T10:00", 1_788_224_400_000)]
    [InlineData("2026/09/01 10:00:00", 1_788_224_400_000)]
    [InlineData("2026-09-01", 1_788_188_400_000)]
    [InlineData("2026-08-31T20:00:00-05:00", 1_788_224_400_000)]
    public void Parse_AcceptedForm_IsTheMoment(string text, long expectedMs) =>
        CallTime.Parse(text).ShouldBe(expectedMs);

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-13-01")]
    [InlineData("2026-09-01T25:00")]
    [InlineData("0001-01-01")]
    [InlineData("9999-01-01")]
    [InlineData("2026-09-01T10:00:00+09:00 and a very long tail that is no time")]
    public void Parse_AnythingElse_IsRefused(string text) => CallTime.Parse(text).ShouldBeNull();

    [Fact]
    public void Iso_AndSeedForm_AreInJapan()
    {
        CallTime.Iso(1_788_224_400_123).ShouldBe("2026-09-01T10:00:00.123+09:00");
        CallTime.Seed(1_788_224_400_123).ShouldBe("2026/09/01 10:00:00");
    }
}
