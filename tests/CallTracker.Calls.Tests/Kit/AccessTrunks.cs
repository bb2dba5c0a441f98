using System.Text;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>
/// Trunks of the authentication tests: a PBX by address and digest, a phone that registers, a registrar.
/// </summary>
internal static class AccessTrunks
{
    /// <summary>A PBX whose INVITEs are challenged.</summary>
    public static readonly IpEndpoint Pbx = Harness.At(5090);

    /// <summary>A phone somewhere; no trunk knows this address.</summary>
    public static readonly IpEndpoint Phone = IpEndpoint.From(System.Net.IPAddress.Parse("198.51.100.7"), 40123);

    /// <summary>A carrier we register with.</summary>
    public static readonly IpEndpoint Registrar = Harness.At(5095);

    public static Trunk MakePbx(string user = "pbx", string id = "pbx") => new()
    {
        Id = id,
        OperatorId = "op",
        Address = Pbx,
        Prefixes = [],
        InboundFrom = [new InboundSource(Pbx, 128)],
        ChallengeInbound = true,
        Credentials = Credentials(user),
    };

    public static Trunk MakePhone(string user = "1001", string realm = "") => new()
    {
        Id = "phone-" + user,
        OperatorId = "op",
        Address = default,
        Prefixes = [ScriptedRoutes.Number("0699990000")],
        InboundFrom = [],
        AcceptsRegistration = true,
        Credentials = Credentials(user, realm),
    };

    public static Trunk MakeRegistrar(
        int expiresSec = 600, string secret = DigestPeer.Secret, string id = "registrar") => new()
        {
            Id = id,
            OperatorId = "op",
            Address = Registrar,
            UriHost = "carrier.example"u8.ToArray(),
            Prefixes = [],
            InboundFrom = [new InboundSource(Registrar, 128)],
            Register = true,
            RegisterExpiresSec = expiresSec,
            Credentials = Credentials(DigestPeer.User, "", secret),
        };

    /// <summary>Adds trunks to those of the harness.</summary>
    public static void Use(Harness node, params Trunk[] trunks) => node.Routes.Trunks = new TrunkTable(
    [
        Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
        Harness.MakeTrunk("shop", Harness.Shop, [""]),
        .. trunks,
    ]);

    private static TrunkCredentials Credentials(
        string user, string realm = "", string secret = DigestPeer.Secret)
    {
        return new()
        {
            Username = Encoding.ASCII.GetBytes(user),
            Secret = Encoding.ASCII.GetBytes(secret),
            Realm = Encoding.ASCII.GetBytes(realm),
        };
    }
}
