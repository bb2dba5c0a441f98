using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Identity;

/// <summary>What a destination's trunk is told of the caller.</summary>
public sealed class OutboundIdentityTests
{
    private const string Pai = "P-Asserted-Identity: <sip:0398765432@inside>\r\n";
    private static readonly string[] Names = ["P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID"];

    [Theory]
    [InlineData(IdentityHeader.Asserted, "P-Asserted-Identity: <sip:0398765432@127.0.0.1>")]
    [InlineData(IdentityHeader.Preferred, "P-Preferred-Identity: <sip:0398765432@127.0.0.1>")]
    [InlineData(
        IdentityHeader.RemoteParty,
        "Remote-Party-ID: <sip:0398765432@127.0.0.1>;party=calling;screen=yes;privacy=off")]
    [InlineData(IdentityHeader.None, "")]
    public void TrustedTrunk_GetsTheIdentity_InTheHeaderOfItsChoice(IdentityHeader header, string line)
    {
        var invite = Dial(Pai, identity: header);
        invite.Header("From").ShouldStartWith("<sip:0398765432@127.0.0.1>");
        IdentityOf(invite).ShouldBe(line);
        invite.Header("Privacy").ShouldBe("");
    }

    [Theory]
    [InlineData(IdentityHeader.Asserted, "")]
    [InlineData(IdentityHeader.RemoteParty, "")]
    [InlineData(IdentityHeader.Preferred, "P-Preferred-Identity: <sip:0398765432@127.0.0.1>")]
    public void UntrustedTrunk_ForAnAssertedCaller_GetsNothingAsserted(IdentityHeader header, string line) =>
        IdentityOf(Dial(Pai, isShopTrusted: false, identity: header)).ShouldBe(line);

    [Fact]
    public void Caller_OfAnUntrustedTrunk_IsNeverAsserted()
    {
        var invite = Dial(Pai, isCarrierTrusted: false);
        invite.Header("From").ShouldStartWith("<sip:0311112222@");
        IdentityOf(invite).ShouldBe("");
        invite.Text.ShouldNotContain("0398765432");
    }

    [Theory]
    [InlineData(IdentityHeader.Asserted, "P-Asserted-Identity: <sip:0398765432@127.0.0.1>")]
    [InlineData(
        IdentityHeader.RemoteParty,
        "Remote-Party-ID: <sip:0398765432@127.0.0.1>;party=calling;screen=yes;privacy=full")]
    public void WithheldCaller_ToATrustedTrunk_IsAssertedAndMarkedPrivate(IdentityHeader header, string line)
    {
        var invite = Dial(Pai + "Privacy: id\r\n", identity: header);
        invite.Header("From").ShouldStartWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        invite.Header("Privacy").ShouldBe("id");
        IdentityOf(invite).ShouldBe(line);
    }

    [Theory]
    [InlineData(IdentityHeader.Asserted)]
    [InlineData(IdentityHeader.Preferred)]
    [InlineData(IdentityHeader.RemoteParty)]
    public void WithheldCaller_ToAnUntrustedTrunk_IsNowhere(IdentityHeader header)
    {
        var invite = Dial(Pai + "Privacy: id\r\n", isShopTrusted: false, identity: header);
        invite.Header("Privacy").ShouldBe("id");
        invite.Text.ShouldNotContain("0398765432");
        invite.Text.ShouldNotContain("0311112222");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Privacy: id\r\n")]
    public void SystemNumber_WhereItIsShown_IsAllThatGoesOut(string privacy)
    {
        using var node = new Harness();
        node.Routes.Set(new Route
        {
            Number = ScriptedRoutes.Number("0120000001"),
            OperatorId = "op",
            Targets = [new RouteTarget(ScriptedRoutes.Number("0312345678"), 5000)],
            ShowsSystemNumber = true,
            SystemNumber = ScriptedRoutes.Number("0355556666"),
        });
        var invite = node.Dial(Peer.Invite(headers: Pai + privacy));
        invite.Header("From").ShouldStartWith("<sip:0355556666@");
        IdentityOf(invite).ShouldBe("P-Asserted-Identity: <sip:0355556666@127.0.0.1>");
        invite.Header("Privacy").ShouldBe("");
        invite.Text.ShouldNotContain("0398765432");
        invite.Text.ShouldNotContain("0311112222");
    }

    [Fact]
    public void Payphone_ToATrustedTrunk_IsNamedAsOne()
    {
        var shown = Dial("P-Asserted-Identity: <tel:+81398765432;cpc=payphone>\r\n");
        IdentityOf(shown).ShouldBe("P-Asserted-Identity: <sip:0398765432@127.0.0.1;cpc=payphone>");
        var hidden = Dial("P-Asserted-Identity: <tel:+81398765432;cpc=payphone>\r\nPrivacy: id\r\n");
        hidden.Header("From").ShouldStartWith("\"Coin line/payphone\" <sip:anonymous@anonymous.invalid>");
    }

    private static string IdentityOf(SentMessage invite) => string.Join(
        '|', Names.SelectMany(name => invite.Headers(name).Select(value => $"{name}: {value}")));

    private static SentMessage Dial(
        string headers, bool isCarrierTrusted = true, bool isShopTrusted = true,
        IdentityHeader identity = IdentityHeader.Asserted)
    {
        using var node = new Harness();
        node.UseTrunks(isCarrierTrusted, isShopTrusted, identity);
        return node.Dial(Peer.Invite(headers: headers));
    }
}
