using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;

namespace CallTracker.Calls.Tests.Identity;

/// <summary>The harness's carrier and shop with the settings of this folder's tests.</summary>
internal static class TrustedTrunks
{
    public static void UseTrunks(
        this Harness node, bool isCarrierTrusted = true, bool isShopTrusted = true,
        IdentityHeader identity = IdentityHeader.Asserted, ForwardingHeader forwarding = ForwardingHeader.Diversion)
    {
        var carrier = new Trunk
        {
            Id = "carrier",
            OperatorId = "op",
            Address = Harness.Carrier,
            Prefixes = [],
            InboundFrom = [new InboundSource(Harness.Carrier, 128)],
            Trusted = isCarrierTrusted,
        };
        var shop = new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [default],
            InboundFrom = [],
            Trusted = isShopTrusted,
            IdentityHeader = identity,
            ForwardingHeader = forwarding,
        };
        node.Routes.Trunks = new TrunkTable([carrier, shop]);
    }
}
