using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Transactions;

public sealed class NonInviteClientTests
{
    private static readonly string Bye = Wire.Request("BYE", toTag: "to1");

    [Fact]
    public void Request_WithoutResponse_IsRepeatedByTimerEUntilTimerF()
    {
        var rig = new LayerRig();
        rig.Start(Bye);
        rig.Advance(40_000);

        rig.SentAtMs().ShouldBe(
            [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500], new Near(20));
        rig.Log.Told.ShouldBe(["Timeout NoFinalResponse 42"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Request_AfterAProvisional_IsRepeatedEveryT2()
    {
        var rig = new LayerRig();
        rig.Start(Bye);
        rig.Advance(100);
        rig.Receive(Wire.Response(Bye, 100));
        rig.Advance(14_000);

        rig.SentAtMs().ShouldBe([0, 500, 4500, 8500, 12_500], new Near(20));
        rig.Log.Told.ShouldBe(["Response 100 42 to1"]);
        rig.Advance(20_000);
        rig.Log.Told[^1].ShouldBe("Timeout NoFinalResponse 42");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(481)]
    public void Final_Repeated_IsToldOnceAndAbsorbedForT4(int code)
    {
        var rig = new LayerRig();
        rig.Start(Bye);
        rig.Receive(Wire.Response(Bye, code));
        rig.Receive(Wire.Response(Bye, code));
        rig.Log.Told.ShouldBe([$"Response {code} 42 to1"]);
        rig.Layer.Counters.BufferBytesUsed.ShouldBe(0);
        rig.Advance(5_010);
        rig.ShouldBeEmpty();
        rig.Receive(Wire.Response(Bye, code));
        rig.Log.Told[^1].ShouldBe($"Stray {code}");
    }

    [Fact]
    public void Final_OverAReliableTransport_LeavesNothing()
    {
        var rig = new LayerRig();
        rig.Start(Bye, LayerRig.Tcp);
        rig.Advance(10_000);
        rig.Log.Sent.Count.ShouldBe(1);
        rig.Receive(Wire.Response(Bye, 200), LayerRig.Tcp);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Transport_ThatFailsOnARetransmission_EndsTheTransaction()
    {
        var rig = new LayerRig();
        rig.Start(Bye);
        rig.Log.IsBroken = true;
        rig.Advance(600);
        rig.Log.Told.ShouldBe(["Failure 42"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void UnknownMethod_InCSeq_TellsTransactionsApart()
    {
        var rig = new LayerRig();
        var first = Wire.Request("FIRST", "z9hG4bKsame");
        rig.Start(first, user: 1);
        rig.Start(Wire.Request("SECOND", "z9hG4bKsame"), user: 2);
        rig.Receive(Wire.Response(first, 200));
        rig.Log.Told.ShouldBe(["Response 200 1 to1"]);
    }
}
