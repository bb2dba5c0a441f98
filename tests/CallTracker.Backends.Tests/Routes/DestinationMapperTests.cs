using System.Globalization;
using CallTracker.Backends.Routes;
using CallTracker.Contracts.Numbers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Routes;

/// <summary>Workers and API judge a destination alike.</summary>
public sealed class DestinationMapperTests
{
    [Fact]
    public void Rules_OfBothPlanes_AgreeOnEveryNumber()
    {
        var random = new Random(20261122);
        string[] heads = ["", "0", "00", "010", "0101", "03", "0570", "0990", "0180", "1", "11", "4", "05", "057"];
        for (var round = 0; round < 20_000; round++)
        {
            string[] list = [.. Enumerable.Range(0, random.Next(4)).Select(_ => heads[random.Next(1, heads.Length)])];
            var number = heads[random.Next(heads.Length)]
                + random.Next(100, 99_999_999).ToString(CultureInfo.InvariantCulture);
            var rules = DestinationMapper.TryMap(list).ShouldNotBeNull();
            RouteMapper.TryPack(number, out var packed).ShouldBeTrue();
            rules.Allows(packed)
                .ShouldBe(DestinationPlan.Allows(number, list), $"{number} by {string.Join(' ', list)}");
        }
    }

    [Fact]
    public void Route_WithARuleThatIsNone_IsNotFollowed()
    {
        var record = RouteBench.RecordOf("0120000001", "0312345678");
        record.AllowedDestinations = ["03", "x"];
        RouteMapper.TryMap(record).ShouldBeNull();
        record.AllowedDestinations = [.. Enumerable.Repeat("03", DestinationPlan.PrefixesMax + 1)];
        RouteMapper.TryMap(record).ShouldBeNull();
        record.AllowedDestinations = [""];
        RouteMapper.TryMap(record).ShouldBeNull();
    }

    [Fact]
    public void Route_StoredWithoutRules_IsDomestic()
    {
        const string Json = """
            {"v":1,"din_id":"0120123456","operator_id":"o","client_id":"c","dialin_id":"d","destinations":[]}
            """;
        var route = RouteMapper.TryMap(System.Text.Encoding.UTF8.GetBytes(Json)).ShouldNotBeNull();
        RouteMapper.TryPack("0312345678", out var domestic);
        RouteMapper.TryPack("01012025550100", out var foreign);
        (route.Destinations.Allows(domestic), route.Destinations.Allows(foreign)).ShouldBe((true, false));
    }
}
