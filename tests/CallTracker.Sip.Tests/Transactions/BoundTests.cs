using System.Runtime.CompilerServices;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>What happens at each bound is a policy with a name; none is an exception.</summary>
public sealed class BoundTests
{
    [Fact]
    public void ActiveBound_SevenEighthsFull_RefusesWhatIsNewAndTakesWhatRuns()
    {
        var rig = new LayerRig(LayerRig.Small() with { ActiveMax = 16 });
        for (var i = 0; i < 14; i++) rig.Receive(Wire.Invite($"z9hG4bKn{i}"));
        rig.Log.Sent.ShouldBeEmpty();
        rig.Receive(Wire.Invite("z9hG4bKn14"));
        rig.Receive(Wire.Request("BYE", "z9hG4bKb1", toTag: "mine"));
        rig.Start(Wire.Request("BYE", "z9hG4bKb2", toTag: "to1")).IsNone.ShouldBeFalse();

        rig.Log.Told.Count(told => told == "Request INVITE").ShouldBe(14);
        rig.Log.Told[^1].ShouldBe("Request BYE");
        rig.SentLines.First().ShouldBe("SIP/2.0 503 Service Unavailable");
        rig.Log.Sent[0].Text.ShouldContain("Retry-After: 5\r\n");
        rig.Layer.Counters.RefusedAtBound.ShouldBe(1);
        rig.Layer.Counters.Active.ShouldBe(16);
    }

    [Fact]
    public void ActiveBound_Full_RefusesEverythingWithoutThrowing()
    {
        var rig = new LayerRig(LayerRig.Small() with { ActiveMax = 8 });
        for (var i = 0; i < 8; i++) rig.Start(Wire.Request("BYE", $"z9hG4bKb{i}")).IsNone.ShouldBeFalse();
        rig.Start(Wire.Request("BYE", "z9hG4bKb8")).IsNone.ShouldBeTrue();
        rig.Receive(Wire.Request("BYE", "z9hG4bKs", toTag: "mine"));
        rig.Receive(Wire.Request("CANCEL", "z9hG4bKs", "1 CANCEL"));

        rig.SentLines.TakeLast(2).ShouldBe(
            ["SIP/2.0 503 Service Unavailable", "SIP/2.0 481 Call/Transaction Does Not Exist"]);
        rig.Advance(40_000);
        rig.ShouldBeEmpty();
        rig.Start(Wire.Request("BYE", "z9hG4bKb9")).IsNone.ShouldBeFalse();
    }

    [Fact]
    public void LingeringBound_Full_ForgetsTheOneDueNext()
    {
        var rig = new LayerRig(LayerRig.Small() with { LingeringMax = 4 });
        for (var i = 0; i < 6; i++) Finish(rig, i);

        rig.Layer.Counters.Lingering.ShouldBe(4);
        rig.Layer.Counters.ForgottenEarly.ShouldBe(2);
        var sentCount = rig.Log.Sent.Count;
        rig.Receive(Wire.Request("OPTIONS", "z9hG4bKo5"));
        rig.Log.Sent.Count.ShouldBe(sentCount + 1);
        rig.Log.Told.Count.ShouldBe(6);
        rig.Receive(Wire.Request("OPTIONS", "z9hG4bKo0"));
        rig.Log.Told.Count.ShouldBe(7);
    }

    [Fact]
    public void BufferBound_Full_SendsWithoutKeeping()
    {
        var rig = new LayerRig(LayerRig.Small() with { BufferBytesMax = 1 });
        rig.Receive(Wire.Invite());
        rig.Respond(rig.LastHandle, Wire.Invite(), 486).ShouldBeTrue();
        rig.Start(Wire.Request("BYE", "z9hG4bKb1")).IsNone.ShouldBeTrue();
        rig.Advance(40_000);

        rig.Log.Sent.Count.ShouldBe(1);
        rig.Layer.Counters.NotKept.ShouldBe(1);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Store_KeepReplaceForget_GivesBackWhatWasPutIn()
    {
        var store = new MessageStore(8 * 1024 * 1024);
        var random = new Random(5);
        var kept = new Dictionary<int, byte[]>();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(random.Next(20) == 0 ? 9_000 : 700)];
            random.NextBytes(bytes);
            var old = kept.Count > 0 && random.Next(2) == 0 ? kept.Keys.First() : 0;
            if (old != 0) store.Read(old).SequenceEqual(kept[old]).ShouldBeTrue();
            if (old != 0) kept.Remove(old);
            if (old != 0 && random.Next(3) == 0) store.Forget(old);
            else kept.Add(store.Replace(old, bytes), bytes);
        }
        foreach (var (handle, bytes) in kept)
        {
            store.Read(handle).SequenceEqual(bytes).ShouldBeTrue();
            store.Forget(handle);
        }
        store.BytesUsed.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    public void Store_OfTheShortestAndLongestMessage_KeepsIt(int length)
    {
        var store = new MessageStore(1024 * 1024);
        var handle = store.Keep(new byte[length]);
        handle.ShouldNotBe(0);
        store.Read(handle).Length.ShouldBe(length);
        store.Keep(new byte[65_536]).ShouldBe(0);
    }

    [Fact]
    public void LingeringRecords_OfACallOnBothLegs_AreSmall()
    {
        Unsafe.SizeOf<LingeringTransaction>().ShouldBe(32);
        var rig = new LayerRig();
        Finish(rig, 0);
        var byeServerBytes = 32 + rig.Layer.Counters.BufferBytesUsed;
        byeServerBytes.ShouldBeLessThanOrEqualTo(96);
        var tx = rig.Start(Wire.Invite("z9hG4bKc1"));
        rig.Receive(Wire.Response(Wire.Invite("z9hG4bKc1"), 200));
        var extra = "Route: <sip:192.0.2.7;lr>\nContact: <sip:192.0.2.9:5060>\n";
        rig.Layer.SendAck(tx, Wire.Bytes(Wire.Request("ACK", "z9hG4bKc2", "1 ACK", "to1", extra)));
        var ackBytes = rig.Layer.Counters.BufferBytesUsed - (byeServerBytes - 32) + 32;
        ackBytes.ShouldBeLessThanOrEqualTo(384);

        // One relayed call leaves: INVITE server, BYE server, INVITE client with its ACK, BYE client; weighted by time.
        var averageBytes = ((32 * 32) + (byeServerBytes * 32) + (ackBytes * 32) + (32 * 5)) / (32.0 + 32 + 32 + 5);
        averageBytes.ShouldBeLessThanOrEqualTo(200);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"BYE server {byeServerBytes} B, INVITE client with ACK {ackBytes} B, average {averageBytes:F0} B");
    }

    private static void Finish(LayerRig rig, int number)
    {
        var request = Wire.Request("OPTIONS", $"z9hG4bKo{number}");
        rig.Receive(request);
        rig.Respond(rig.LastHandle, request, 200).ShouldBeTrue();
    }
}
