using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>Arrows of the figures that the tests of the single machines leave out, on the fake clock.</summary>
public sealed class RemainingArrowTests
{
    private static readonly string Invite = Wire.Request("INVITE");
    private static readonly string Options = Wire.Request("OPTIONS");

    [Fact]
    public void InviteClient_RefusedWhileProceeding_AcknowledgesAndLingersForTimerD()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 180));
        rig.Receive(Wire.Response(Invite, 486));

        rig.LastSent.ShouldStartWith("ACK ");
        rig.Log.Told[^1].ShouldBe("Response 486 42 to1");
        rig.Advance(31_900);
        rig.Layer.Counters.Lingering.ShouldBe(1);
        rig.Advance(200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void InviteClient_ThatCannotSendItsAckAgain_IsForgotten()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 486));
        rig.Log.IsBroken = true;
        rig.Receive(Wire.Response(Invite, 486));
        rig.Log.IsBroken = false;
        rig.Receive(Wire.Response(Invite, 486));

        rig.Log.Told[^1].ShouldBe("Stray 486");
        rig.Advance(32_010);
        rig.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public void NonInviteClient_AnsweredWhileProceeding_LingersForTimerK(int code)
    {
        var rig = new LayerRig();
        rig.Start(Options);
        rig.Receive(Wire.Response(Options, 100));
        rig.Receive(Wire.Response(Options, 182));
        rig.Receive(Wire.Response(Options, code));

        rig.Log.Told.ShouldBe(["Response 100 42", "Response 182 42 to1", $"Response {code} 42 to1"]);
        rig.Advance(4_900);
        rig.Layer.Counters.Lingering.ShouldBe(1);
        rig.Advance(200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void NonInviteClient_WithNoMoreThanAProvisional_EndsWithTimerF()
    {
        var rig = new LayerRig();
        rig.Start(Options);
        rig.Receive(Wire.Response(Options, 100));
        rig.Advance(31_900);
        rig.Layer.Counters.NonInviteClientActive.ShouldBe(1);
        rig.Advance(200);

        rig.Log.Told[^1].ShouldBe("Timeout NoFinalResponse 42");
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void NonInviteClient_ThatCannotRepeatWhileProceeding_TellsAndEnds()
    {
        var rig = new LayerRig();
        rig.Start(Options);
        rig.Receive(Wire.Response(Options, 100));
        rig.Log.IsBroken = true;
        rig.Advance(5_000);

        rig.Log.Told[^1].ShouldBe("Failure 42");
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void InviteServer_AskedAgainAfterARefusal_RepeatsIt()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 486);
        var first = rig.LastSent;
        rig.Receive(Invite);

        rig.Log.Sent.Count.ShouldBe(2);
        rig.LastSent.ShouldBe(first);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(200)]
    public void InviteServer_ThatCannotRepeatItsFinalResponse_TellsAndGoesOn(int code)
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, code);
        rig.Log.IsBroken = true;
        rig.Advance(600);
        rig.Log.Told.ShouldContain("Failure 0");
        rig.Log.IsBroken = false;
        rig.Advance(1_200);

        rig.Log.Sent.Count.ShouldBeGreaterThan(1);
        rig.Advance(33_000);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void InviteServer_GivenAnotherSuccess_SendsThatInstead()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 200).ShouldBeTrue();
        rig.Respond(rig.LastHandle, Invite, 202).ShouldBeTrue();
        rig.Advance(600);

        rig.SentLines.ShouldBe(["SIP/2.0 200 OK", "SIP/2.0 202 Accepted", "SIP/2.0 202 Accepted"]);
    }

    [Fact]
    public void NonInviteServer_WhileProceeding_SendsWhatComesAndLingersForTimerJ()
    {
        var rig = new LayerRig();
        rig.Receive(Options);
        rig.Respond(rig.LastHandle, Options, 100).ShouldBeTrue();
        rig.Respond(rig.LastHandle, Options, 182).ShouldBeTrue();
        rig.Respond(rig.LastHandle, Options, 200).ShouldBeTrue();

        rig.Log.Sent.Count.ShouldBe(3);
        rig.Advance(31_900);
        rig.Layer.Counters.Lingering.ShouldBe(1);
        rig.Advance(200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void NonInviteServer_NeverFinished_IsGivenUpAfter64T1()
    {
        var rig = new LayerRig();
        rig.Receive(Options);
        rig.Respond(rig.LastHandle, Options, 100);
        rig.Advance(32_100);

        rig.Log.Told[^1].ShouldBe("Timeout NotAnswered 0");
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void NonInviteServer_ThatCannotSendItsProvisional_TellsAndEnds()
    {
        var rig = new LayerRig();
        rig.Receive(Options);
        rig.Log.IsBroken = true;
        rig.Respond(rig.LastHandle, Options, 100);
        rig.Advance(10);

        rig.Log.Told[^1].ShouldBe("Failure 0");
        rig.ShouldBeEmpty();
    }
}
