using System.Text.Json;
using CallTracker.Contracts.Routes;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests;

/// <summary>What lies in Redis: its exact names, and what readers make of more or less than they know.</summary>
public sealed class ContractJsonTests
{
    [Fact]
    public void Route_WrittenAndRead_IsTheSame()
    {
        var route = new RouteRecord
        {
            Version = 42,
            DinId = "0120123456",
            OperatorId = "op1",
            ClientId = "c1",
            ClientName = "株式会社テスト",
            DialinId = "d1",
            DialinName = "本店",
            Destinations = [new RouteDestination("0312345678", 20), new RouteDestination("09012345678", 30)],
            AllowedDestinations = ["0", "0101"],
            CallerDisplay = CallerDisplay.System,
            SystemNumber = "0399998888",
            Enabled = false,
        };
        var json = JsonSerializer.Serialize(route, ContractJson.Default.RouteRecord);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.RouteRecord).ShouldNotBeNull();
        read.Destinations.ShouldBe(route.Destinations);
        read.AllowedDestinations.ShouldBe(route.AllowedDestinations);
        (read with
        {
            Destinations = route.Destinations,
            AllowedDestinations = route.AllowedDestinations,
        }).ShouldBe(route);
        json.ShouldContain("\"din_id\":\"0120123456\"");
        json.ShouldContain("\"caller_display\":\"system\"");
        json.ShouldContain("{\"fwd_id\":\"0312345678\",\"ring_sec\":20}");
    }

    [Fact]
    public void Route_WithUnknownFields_IsRead()
    {
        const string Json = """
            {"v":1,"din_id":"0120123456","operator_id":"o","client_id":"c","dialin_id":"d",
             "later":{"x":[1,2]},"more":null,"enabled":true,
             "destinations":[{"fwd_id":"0312345678","ring_sec":20,"weight":3}]}
            """;
        var read = JsonSerializer.Deserialize(Json, ContractJson.Default.RouteRecord).ShouldNotBeNull();
        read.DinId.ShouldBe("0120123456");
        read.Enabled.ShouldBeTrue();
        read.AllowedDestinations.ShouldBeEmpty();
        read.Destinations.ShouldBe([new RouteDestination("0312345678", 20)]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"din_id\":\"0120\"}")]
    [InlineData("{\"din_id\":12,\"operator_id\":\"o\",\"client_id\":\"c\",\"dialin_id\":\"d\"}")]
    [InlineData("[]")]
    [InlineData("{\"din_id\":")]
    public void Route_MissingOrWrongFields_AreRefused(string json) => Should.Throw<JsonException>(
        () => JsonSerializer.Deserialize(json, ContractJson.Default.RouteRecord));

    [Fact]
    public void Trunk_WrittenAndRead_IsTheSame()
    {
        var trunk = new TrunkRecord
        {
            TrunkId = "t1",
            OperatorId = "op1",
            Name = "carrier",
            Address = "192.0.2.1:5060",
            Prefixes = ["", "03"],
            InboundFrom = ["192.0.2.0/24"],
            Priority = 5,
            Trusted = false,
            Weight = 3,
            Transport = "tcp",
            Username = "u",
            SecretSealed = "x",
            Codecs = ["pcmu"],
            SessionExpiresSec = 0,
            ReliableProvisional = "required",
        };
        var json = JsonSerializer.Serialize(trunk, ContractJson.Default.TrunkRecord);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.TrunkRecord).ShouldNotBeNull();
        read.Prefixes.ShouldBe(trunk.Prefixes);
        read.InboundFrom.ShouldBe(trunk.InboundFrom);
        read.Codecs.ShouldBe(trunk.Codecs);
        (read with { Prefixes = trunk.Prefixes, InboundFrom = trunk.InboundFrom, Codecs = trunk.Codecs })
            .ShouldBe(trunk);
        json.ShouldContain("\"reliable_provisional\":\"required\",\"session_expires_sec\":0");
        json.ShouldContain("\"trunk_id\":\"t1\"");
        json.ShouldContain("\"inbound_from\":[\"192.0.2.0/24\"]");
    }
}
