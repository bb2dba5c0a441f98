using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Who the caller is, what the callee is shown, and what only trusted trunks get.</summary>
public sealed class CallerIdentityTests
{
    [Theory]
    [InlineData("<sip:0311112222@c>", "", "0311112222", false, false)]
    [InlineData("<sip:+819011112222@c;user=phone>", "", "09011112222", false, false)]
    [InlineData("<sip:0311112222@c>", "P-Asserted-Identity: <tel:+81398765432>\r\n", "0398765432", false, false)]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", "", true, false)]
    [InlineData("<sip:0311112222@c>", "Privacy: id\r\n", "", true, false)]
    [InlineData("<sip:0311112222;cpc=payphone@c>", "", "0311112222", false, true)]
    [InlineData("<sip:0311112222@c;cpc=payphone>", "", "0311112222", false, true)]
    [InlineData("<sip:shop@c>", "", "", false, false)]
    public void Caller_Headers_GiveNumberAndKind(
        string from, string headers, string caller, bool withheld, bool payphone)
    {
        using var node = new Harness();
        node.Dial(Peer.Invite(from: from, headers: headers));
        var start = node.Journal.Entries.ShouldHaveSingleItem();
        (start.Caller, start.Withheld, start.Payphone).ShouldBe((caller, withheld, payphone));
    }

    [Fact]
    public void Callee_ByDefault_SeesTheCallersNumber()
    {
        using var node = new Harness();
        var invite = node.Dial();
        invite.Header("From").ShouldStartWith("<sip:0311112222@");
        invite.Header("P-Asserted-Identity").ShouldStartWith("<sip:0311112222@");
    }

    [Fact]
    public void Callee_OfAFreeCallNumber_SeesTheSystemNumber()
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
        node.Dial().Header("From").ShouldStartWith("<sip:0355556666@");
    }

    [Fact]
    public void Callee_OfAWithheldCaller_SeesAnonymousAndNoIdentity()
    {
        using var node = new Harness();
        var invite = node.Dial(Peer.Invite(headers: "Privacy: id\r\n"));
        invite.Header("From").ShouldContain("anonymous.invalid");
        invite.Header("Privacy").ShouldBe("id");
        invite.Text.ShouldNotContain("0311112222");
    }
}
