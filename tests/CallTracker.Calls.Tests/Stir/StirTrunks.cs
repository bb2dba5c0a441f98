using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;

namespace CallTracker.Calls.Tests.Stir;

/// <summary>The harness's two trunks with settings for STIR.</summary>
internal static class StirTrunks
{
    public static void Set(Harness node, StirMode carrier, StirMode shop, bool isShopTrusted = true,
        bool refuses = false) =>
        node.Routes.Trunks = new TrunkTable(
        [
            new Trunk
            {
                Id = "carrier", OperatorId = "op", Address = Harness.Carrier, Prefixes = [], Stir = carrier,
                StirRefuse = refuses,
                InboundFrom = [new InboundSource(Harness.Carrier, 128)],
            },
            new Trunk
            {
                Id = "shop", OperatorId = "op", Address = Harness.Shop, Prefixes = [default], InboundFrom = [],
                Stir = shop, Trusted = isShopTrusted,
            },
        ]);
}
