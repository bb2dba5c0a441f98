using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallTracker.Backends.Routes;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Dtmf;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Routes;

/// <summary>From the stored form of a trunk to what workers use.</summary>
public sealed class TrunkMapperTests : IDisposable
{
    private readonly TrunkSecretCipher _cipher = new(new byte[32]);

    [Fact]
    public void Map_EverySetting_ArrivesAtTheWorkers()
    {
        var trunk = Map(Record() with
        {
            Weight = 7,
            Transport = "tls",
            Username = "u",
            SecretSealed = _cipher.Seal("op1", "t1", "p"),
            Realm = "r",
            Register = true,
            RegisterExpiresSec = 600,
            ChallengeInbound = true,
            Codecs = ["pcmu", "opus"],
            ChannelsMax = 30,
            CpsMax = 5,
            Trusted = false,
            IdentityHeader = "rpid",
            ForwardingHeader = "both",
            ReliableProvisional = "required",
            SessionExpiresSec = 900,
            SessionMinSec = 120,
            Refer = "execute",
            Redirect = "follow",
            MediaAsymmetric = true,
            Media = "direct",
            Ringback = "on",
            HoldMusic = "waltz_1",
            Dtmf = "inband",
            Transcode = "on",
            ProbeSec = 10,
            Stir = "sign",
            StirRefuse = true,
            Srtp = "required",
            SrtpWithoutTls = true,
        });
        trunk.ShouldNotBeNull();
        (trunk.Weight, trunk.Transport, trunk.Address.Port).ShouldBe((7, SipTransportKind.Tls, (ushort)5061));
        var credentials = trunk.Credentials.ShouldNotBeNull();
        Encoding.UTF8.GetString(credentials.Username).ShouldBe("u");
        Encoding.UTF8.GetString(credentials.Secret).ShouldBe("p");
        Encoding.UTF8.GetString(credentials.Realm).ShouldBe("r");
        (trunk.Register, trunk.RegisterExpiresSec, trunk.ChallengeInbound).ShouldBe((true, 600, true));
        trunk.Codecs.Select(Encoding.UTF8.GetString).ShouldBe(["pcmu", "opus"]);
        (trunk.ChannelsMax, trunk.CpsMax, trunk.Trusted).ShouldBe((30, 5, false));
        trunk.IdentityHeader.ShouldBe(IdentityHeader.RemoteParty);
        trunk.ForwardingHeader.ShouldBe(ForwardingHeader.Both);
        trunk.ReliableProvisional.ShouldBe(ReliableProvisional.Required);
        (trunk.SessionExpiresSec, trunk.SessionMinSec, trunk.ProbeSec).ShouldBe((900, 120, 10));
        (trunk.Refer, trunk.Redirect).ShouldBe((ReferPolicy.Execute, RedirectPolicy.Follow));
        trunk.Stir.ShouldBe(StirMode.Sign);
        trunk.StirRefuse.ShouldBeTrue();
        (trunk.Srtp, trunk.SrtpWithoutTls).ShouldBe((SrtpPolicy.Required, true));
        (trunk.MediaAsymmetric, trunk.Ringback, trunk.HoldMusic).ShouldBe((true, TrunkRingback.On, "waltz_1"));
        trunk.Dtmf.ShouldBe(DtmfWay.InBand);
        trunk.IsMediaDirect.ShouldBeTrue();
        trunk.Transcode.ShouldBeTrue();
    }

    [Fact]
    public void Map_RecordOfAnOlderControlPlane_HasTheDefaultsOfTheTrunk()
    {
        const string Json = """
            {"v":1,"version":3,"trunk_id":"t1","operator_id":"op1","name":"n","address":"192.0.2.1","prefixes":[""],
             "inbound_from":[],"priority":100,"trusted":true,"enabled":true}
            """;
        var trunk = Map(TrunkMapper.TryRead(Encoding.UTF8.GetBytes(Json)).ShouldNotBeNull());
        trunk.ShouldNotBeNull();
        var plain = new Trunk
        {
            Id = "t1",
            OperatorId = "op1",
            Address = trunk.Address,
            Prefixes = [],
            InboundFrom = [],
        };
        foreach (var property in typeof(Trunk).GetProperties().Where(p => p.PropertyType.IsValueType))
        {
            if (property.Name == nameof(Trunk.Priority)) continue;
            property.GetValue(trunk).ShouldBe(property.GetValue(plain), property.Name);
        }
        (trunk.Credentials, trunk.Codecs.Length).ShouldBe((null, 0));
    }

    [Theory]
    [InlineData("off", SrtpPolicy.Off)]
    [InlineData("optional", SrtpPolicy.Optional)]
    [InlineData("dtls", SrtpPolicy.Dtls)]
    public void Map_WordsOfSrtp_AreThePolicies(string word, SrtpPolicy policy) =>
        Map(Record() with { Srtp = word }).ShouldNotBeNull().Srtp.ShouldBe(policy);

    [Theory]
    [InlineData("transport", "sctp")]
    [InlineData("identity_header", "x")]
    [InlineData("forwarding_header", "x")]
    [InlineData("reliable_provisional", "x")]
    [InlineData("refer", "x")]
    [InlineData("redirect", "x")]
    [InlineData("ringback", "x")]
    [InlineData("stir", "x")]
    [InlineData("srtp", "x")]
    [InlineData("secret_sealed", "AAAA")]
    [InlineData("secret_sealed", "not base64")]
    public void Map_WordNobodyKnows_PutsTheTrunkOutOfService(string member, string value)
    {
        var json = JsonSerializer.Serialize(Record(), ContractJson.Default.TrunkRecord);
        var members = JsonSerializer.Deserialize<Dictionary<string, object>>(json)!;
        members[member] = value;
        var record = TrunkMapper.TryRead(JsonSerializer.SerializeToUtf8Bytes(members)).ShouldNotBeNull();
        Map(record).ShouldBeNull();
    }

    public static TheoryData<string> Members() => [.. typeof(TrunkRecord).GetProperties().Select(p => p.Name)];

    // A hand that was in Redis: the record may be of no use, but the feed goes on with all others.
    [Theory]
    [MemberData(nameof(Members))]
    public void Read_NullInAnyPlace_GivesATrunkOrNoneAndNeverThrows(string property)
    {
        var whole = Record() with { Username = "u", SecretSealed = _cipher.Seal("op1", "t1", "p"), Realm = "r" };
        var json = JsonSerializer.SerializeToNode(whole, ContractJson.Default.TrunkRecord)!;
        var member = JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
        json[member].ShouldNotBeNull();
        var isList = json[member] is JsonArray;
        json[member] = null;
        _ = Use();
        if (!isList) return;
        json[member] = new JsonArray("", null);
        Use().ShouldBeNull();

        Trunk? Use() =>
            TrunkMapper.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString())) is { } record ? Map(record) : null;
    }

    [Fact]
    public void Map_SecretWithoutAKey_PutsTheTrunkOutOfService()
    {
        var record = Record() with { Username = "u", SecretSealed = _cipher.Seal("op1", "t1", "p") };
        TrunkMapper.TryMap(record, null, _ => null, null).ShouldBeNull();
        Map(record with { TrunkId = "t2" }).ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(10_000, 10_000)]
    [InlineData(int.MaxValue, 10_000)]
    public void Map_CallsPerSecondThatNobodyCanHaveSet_StayWithinTheirBound(int cpsMax, int used)
    {
        var trunk = Map(Record() with { CpsMax = cpsMax }).ShouldNotBeNull();
        trunk.CpsMax.ShouldBe(used);
        trunk.Load.TryEnter(trunk, outbound: true, nowMs: 1000).ShouldBeTrue();
    }

    [Fact]
    public void Map_NoAddress_IsAllowedWhenItRegistersWithUs()
    {
        Map(Record() with { Address = "" }).ShouldBeNull();
        var trunk = Map(Record() with { Address = "", AcceptsRegistration = true });
        trunk.ShouldNotBeNull().Address.ShouldBe(default);
    }

    public void Dispose() => _cipher.Dispose();

    private Trunk? Map(TrunkRecord record) => TrunkMapper.TryMap(record, _cipher, _ => null, null);

    private static TrunkRecord Record() =>
        new() { TrunkId = "t1", OperatorId = "op1", Name = "n", Address = "192.0.2.1", Prefixes = [""] };
}
