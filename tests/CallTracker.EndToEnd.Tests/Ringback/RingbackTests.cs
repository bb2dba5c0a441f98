using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Ringback;

/// <summary>What a waiting caller hears: SIPp on both sides, and an ear at the caller's RTP port.</summary>
[Collection(ProductCollection.Name)]
public sealed class RingbackTests(Product product)
{
    private const byte Silence = 0xD5;

    [Fact]
    public async Task EarlyMedia_WithoutRtp_IsFilledWithTheToneUntilTheAnswer()
    {
        using var ear = new RtpEar();
        await CallAsync(ear, "recv 183",
            """
            recv INVITE
            answer 183 Session Progress sdp
            pause 1800
            answer 200 OK sdp
            recv ACK
            recv BYE
            answer 200 OK
            """);

        var heard = ear.Heard;
        // 1.8 s less the 300 ms of patience, a packet every 20 ms.
        heard.Count.ShouldBeInRange(65, 80);
        heard.ShouldAllBe(packet => packet.Type == 8 && packet.Ssrc == heard[0].Ssrc);
        heard[0].Marker.ShouldBeTrue();
        for (var i = 1; i < heard.Count; i++)
        {
            ((ushort)(heard[i].Sequence - heard[i - 1].Sequence)).ShouldBe((ushort)1);
            (heard[i].Timestamp - heard[i - 1].Timestamp).ShouldBe(160u);
        }
        // One second of tone, then its pause.
        heard.Take(50).ShouldAllBe(packet => packet.Payload.Any(sample => sample != Silence));
        heard.Skip(50).ShouldAllBe(packet => packet.Payload.All(sample => sample == Silence));
        var paceMs = (double)(heard[^1].AtMs - heard[0].AtMs) / (heard.Count - 1);
        paceMs.ShouldBe(20, 0.5);
    }

    [Fact]
    public async Task EarlyMedia_WithRtp_IsHeardAloneAndThe180After183ComesThrough()
    {
        using var ear = new RtpEar();
        var tonesBefore = await product.NodeMetricAsync("calltracker_ringback_tones_total");
        await CallAsync(ear, "recv 183\nrecv 180",
            """
            recv INVITE
            answer 183 Session Progress sdp
            rtp
            pause 700
            answer 180 Ringing
            pause 700
            rtp stop
            answer 200 OK sdp
            recv ACK
            recv BYE
            answer 200 OK
            """);

        ear.Heard.Count.ShouldBeInRange(55, 80);
        ear.Heard.Select(packet => packet.Ssrc).Distinct().Count().ShouldBe(1);
        (await product.NodeMetricAsync("calltracker_ringback_tones_total")).ShouldBe(tonesBefore);
    }

    [Fact]
    public async Task Ringing_WithoutSdp_IsLeftToTheCallersSide()
    {
        using var ear = new RtpEar();
        await CallAsync(ear, "recv 180",
            """
            recv INVITE
            answer 180 Ringing
            pause 800
            answer 200 OK sdp
            recv ACK
            recv BYE
            answer 200 OK
            """);

        ear.Heard.ShouldBeEmpty();
    }

    private async Task CallAsync(RtpEar ear, string provisional, string shopScript)
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(shopScript);
        var caller = line.StartCaller(
            $"""
            send INVITE port={ear.Port}
            recv 100?
            {provisional}
            recv 200
            send ACK
            pause 300
            send BYE
            recv 200
            """);
        await SippRun.SucceedAsync([shop, caller]);
    }
}
