using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallTracker.Backends.Routes;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Routes;

/// <summary>What is read of a route that somebody's hand has been in.</summary>
public sealed class RouteMapperTests
{
    public static TheoryData<string> Members() => [.. typeof(RouteRecord).GetProperties().Select(p => p.Name)];

    [Fact]
    public void Map_AsTheControlPlaneWritesIt_IsARoute() =>
        RouteMapper.TryMap(Bytes(Json())).ShouldNotBeNull().Targets.Length.ShouldBe(1);

    // An exception would have the feed read everything again and again.
    [Theory]
    [MemberData(nameof(Members))]
    public void Map_NullInAnyPlace_GivesARouteThatIsWholeOrNone(string property)
    {
        var json = Json();
        var member = JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
        json[member].ShouldNotBeNull();
        var isList = json[member] is JsonArray;
        json[member] = null;
        if (RouteMapper.TryMap(Bytes(json)) is { } route) AssertWhole(route.Source.ShouldBeOfType<RouteRecord>());
        if (!isList) return;
        json[member] = new JsonArray((JsonNode?)null);
        RouteMapper.TryMap(Bytes(json)).ShouldBeNull();
    }

    [Fact]
    public void Map_DestinationWithoutANumber_IsNone()
    {
        var json = Json();
        json["destinations"]![0]!["fwd_id"].ShouldNotBeNull();
        json["destinations"]![0]!["fwd_id"] = null;
        RouteMapper.TryMap(Bytes(json)).ShouldBeNull();
    }

    // Names are for the call log alone, and without allowed destinations the usual ones are.
    private static void AssertWhole(RouteRecord record)
    {
        string[] optional =
            [nameof(RouteRecord.AllowedDestinations), nameof(RouteRecord.ClientName), nameof(RouteRecord.DialinName)];
        foreach (var property in typeof(RouteRecord).GetProperties().Where(p => !optional.Contains(p.Name)))
        {
            property.GetValue(record).ShouldNotBeNull(property.Name);
        }
    }

    private static JsonNode Json() => JsonSerializer.SerializeToNode(
        RouteBench.RecordOf("0312345678", "0398765432"), ContractJson.Default.RouteRecord)!;

    private static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
