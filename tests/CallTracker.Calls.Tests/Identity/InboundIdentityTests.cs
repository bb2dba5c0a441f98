using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Identity;

/// <summary>
/// What an INVITE says of its caller, by the trust its trunk has. The tables: From, headers, and the record's number,
/// "withheld" and "payphone".
/// </summary>
public sealed class InboundIdentityTests
{
    private const string Anonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
    private const string Someone = "<sip:0311112222@c>";
    private const string Pai = "P-Asserted-Identity: <sip:0398765432@c>\r\n";

    [Theory]
    [InlineData(Someone, Pai, "0398765432", false, false)]
    [InlineData(Someone, "P-Asserted-Identity: \"T\" <sip:d@c>, <tel:+81-3-9876-5432>\r\n", "0398765432", false, false)]
    [InlineData(Someone, Pai + "P-Asserted-Identity: <tel:+81355550000>\r\n", "0398765432", false, false)]
    [InlineData(Someone, Pai + "Privacy: id\r\n", "", true, false)]
    [InlineData(Someone, Pai + "Privacy: header;id\r\n", "", true, false)]
    [InlineData(Someone, Pai + "Privacy: user , critical\r\n", "", true, false)]
    [InlineData(Someone, Pai + "Privacy: header\r\n", "0398765432", false, false)]
    [InlineData(Someone, Pai + "Privacy: none\r\n", "0398765432", false, false)]
    [InlineData(Anonymous, Pai, "", true, false)]
    [InlineData(Anonymous, Pai + "Privacy: none\r\n", "0398765432", false, false)]
    [InlineData(Anonymous, "Privacy: none\r\n", "", true, false)]
    [InlineData("\"Unavailable\" <sip:unavailable@unknown.invalid>", "", "", false, false)]
    [InlineData(Someone, "Remote-Party-ID: <sip:0398765432@c>;party=calling\r\n", "0398765432", false, false)]
    [InlineData(Someone, "Remote-Party-ID: <sip:0398765432@c>;party=calling;privacy=full\r\n", "", true, false)]
    [InlineData(Someone, "Remote-Party-ID: <sip:0398765432@c>;party=called\r\n", "0311112222", false, false)]
    [InlineData(Someone, "Remote-Party-ID: <sip:0398765432@c>;screen=no\r\n", "0311112222", false, false)]
    [InlineData("<sip:desk@c>", "P-Preferred-Identity: <sip:0398765432@c>\r\n", "0398765432", false, false)]
    [InlineData(Someone, "P-Asserted-Identity: <tel:+81398765432;cpc=payphone>\r\n", "0398765432", false, true)]
    [InlineData(Someone, "P-Asserted-Identity: <sip:0398765432;cpc=payphone@c>\r\n", "0398765432", false, true)]
    [InlineData(Someone, "P-Asserted-Identity: <sip:0398765432@c;isup-oli=27>\r\n", "0398765432", false, true)]
    [InlineData(Someone, "P-Asserted-Identity: <sip:0398765432@c;cpc=ordinary>\r\n", "0398765432", false, false)]
    [InlineData("\"Coin line/payphone\" <sip:anonymous@anonymous.invalid>", "", "", true, true)]
    [InlineData("<sip:+1-202-555-0100@c>", "", "01012025550100", false, false)]
    public void TrustedTrunk_Headers_GiveTheNetworksWord(
        string from, string headers, string caller, bool withheld, bool payphone) =>
        Read(true, from, headers).ShouldBe((caller, withheld, payphone));

    [Theory]
    [InlineData(Someone, Pai, "0311112222", false, false)]
    [InlineData(Someone, "Remote-Party-ID: <sip:0398765432@c>\r\n", "0311112222", false, false)]
    [InlineData(Someone, "P-Preferred-Identity: <sip:0398765432@c>\r\n", "0311112222", false, false)]
    [InlineData("<sip:desk@c>", "P-Preferred-Identity: <sip:0398765432@c>\r\n", "0398765432", false, false)]
    [InlineData(Someone, Pai + "Privacy: id\r\n", "", true, false)]
    [InlineData(Anonymous, Pai + "Privacy: none\r\n", "", true, false)]
    [InlineData("<sip:0311112222;cpc=payphone@c>", "", "0311112222", false, false)]
    public void UntrustedTrunk_Headers_CountOnlyAsTheCallersOwnWord(
        string from, string headers, string caller, bool withheld, bool payphone) =>
        Read(false, from, headers).ShouldBe((caller, withheld, payphone));

    [Theory]
    [InlineData("Privacy: id;critical\r\n", 100)]
    [InlineData("Privacy: telepathy\r\n", 100)]
    [InlineData("Privacy: telepathy;critical\r\n", 500)]
    public void Privacy_CriticalAndUnknown_IsRefused(string headers, int code)
    {
        using var node = new Harness();
        node.Deliver(Peer.Invite(headers: headers), Harness.Carrier);
        node.TakeSent(Harness.Carrier)[0].Code.ShouldBe(code);
    }

    [Fact]
    public void Trust_ThatFollowsFromTheNumbersOperator_IsTheOneThatCounts()
    {
        using var node = new Harness();
        var other = new Trunk
        {
            Id = "other",
            OperatorId = "other",
            Address = Harness.Carrier,
            Prefixes = [],
            InboundFrom = [new InboundSource(Harness.Carrier, 128)],
            Trusted = false,
        };
        node.Routes.Trunks = new TrunkTable(
        [
            other, Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
            Harness.MakeTrunk("shop", Harness.Shop, [""]),
        ]);
        node.Dial(Peer.Invite(headers: Pai));
        var start = node.Journal.Entries.ShouldHaveSingleItem();
        (start.TrunkIn, start.Caller).ShouldBe(("carrier", "0398765432"));
    }

    private static (string Caller, bool Withheld, bool Payphone) Read(bool isTrusted, string from, string headers)
    {
        using var node = new Harness();
        node.UseTrunks(isCarrierTrusted: isTrusted);
        node.Dial(Peer.Invite(from: from, headers: headers));
        var start = node.Journal.Entries.ShouldHaveSingleItem();
        return (start.Caller, start.Withheld, start.Payphone);
    }
}
