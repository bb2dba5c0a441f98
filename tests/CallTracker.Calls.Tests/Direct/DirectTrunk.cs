using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;

namespace CallTracker.Calls.Tests.Direct;

/// <summary>A trunk's settings that decide about direct media; by default nothing stands against it.</summary>
internal sealed record DirectTrunk
{
    public bool IsDirect { get; init; } = true;

    public DtmfWay Dtmf { get; init; }

    public bool Transcode { get; init; }

    public SrtpPolicy Srtp { get; init; }

    public string HoldMusic { get; init; } = "";

    public TrunkRingback Ringback { get; init; }

    public ReferPolicy Refer { get; init; }

    public int ExpiresSec { get; init; } = 1800;

    public ReliableProvisional Reliable { get; init; }

    public bool AcceptsRegistration { get; init; }

    public string[] Codecs { get; init; } = [];

    /// <summary>Of the second shop, to which 0312345679 goes.</summary>
    public static IpEndpoint SecondShop => Harness.At(5081);

    /// <summary>
    /// Gives a node trunks of these settings: the caller's, the shop's, and a second shop's where it is named.
    /// </summary>
    public static Harness Use(
        Harness node, DirectTrunk? carrier = null, DirectTrunk? shop = null, DirectTrunk? second = null,
        IpEndpoint shopAddress = default, IpEndpoint carrierAddress = default)
    {
        var address = shopAddress == default ? Harness.Shop : shopAddress;
        var source = carrierAddress == default ? Harness.Carrier : carrierAddress;
        List<Trunk> trunks =
        [
            (carrier ?? new()).Make("carrier", source, null, new InboundSource(source, 128)),
            (shop ?? new()).Make("shop", address, ""),
        ];
        if (second is not null) trunks.Add(second.Make("second", SecondShop, "0312345679"));
        node.Routes.Trunks = new TrunkTable([.. trunks]);
        node.Routes.Set(second is null
            ? Harness.MakeRoute("0120000001", ("0312345678", 20_000))
            : Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0312345679", 20_000)));
        return node;
    }

    /// <summary>SDP without its o= line, which is the node's own on each leg.</summary>
    public static string WithoutOrigin(string sdp) => Regex.Replace(sdp, "(?m)^o=[^\n]*\n", "");

    private Trunk Make(string id, IpEndpoint address, string? prefix, params InboundSource[] from) => new()
    {
        Id = id,
        OperatorId = "op",
        Address = address,
        Prefixes = prefix is null ? [] : [ScriptedRoutes.Number(prefix)],
        InboundFrom = from,
        IsMediaDirect = IsDirect,
        Dtmf = Dtmf,
        Transcode = Transcode,
        Srtp = Srtp,
        SrtpWithoutTls = true,
        HoldMusic = HoldMusic,
        Ringback = Ringback,
        Refer = Refer,
        SessionExpiresSec = ExpiresSec,
        ReliableProvisional = Reliable,
        AcceptsRegistration = AcceptsRegistration,
        Codecs = [.. Codecs.Select(Encoding.ASCII.GetBytes)],
    };
}
