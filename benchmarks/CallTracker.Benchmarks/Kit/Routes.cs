using System.Globalization;
using CallTracker.Backends.Routes;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Net;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Routes and trunks as the feed makes them.</summary>
internal static class Routes
{
    public static readonly IpEndpoint Carrier = IpEndpoint.FromIpv4(0x7F00_0001, 5071);
    public static readonly IpEndpoint Shop = IpEndpoint.FromIpv4(0x7F00_0001, 5080);

    public static PhoneNumber Number(long digits)
    {
        RouteMapper.TryPack(digits.ToString("D10", CultureInfo.InvariantCulture), out var number);
        return number;
    }

    public static Route Make(long number) => RouteMapper.TryMap(new RouteRecord
    {
        DinId = number.ToString("D10", CultureInfo.InvariantCulture),
        OperatorId = "op1",
        ClientId = "client1",
        ClientName = "広告主",
        DialinId = "dialin1",
        DialinName = "本店",
        Destinations = [new RouteDestination("0312345678", 20)],
    })!;

    /// <param name="isDirect">True sends their media past the node.</param>
    public static TrunkTable Trunks(bool isDirect = false) =>
        new([MakeTrunk("carrier", Carrier, isDirect), MakeTrunk("shop", Shop, isDirect)]);

    private static Trunk MakeTrunk(string id, IpEndpoint address, bool isDirect) => new()
    {
        IsMediaDirect = isDirect,
        Id = id,
        OperatorId = "op1",
        Address = address,
        Prefixes = id == "shop" ? [default] : [],
        InboundFrom = id == "shop" ? [] : [new InboundSource(address, 128)],
    };
}
