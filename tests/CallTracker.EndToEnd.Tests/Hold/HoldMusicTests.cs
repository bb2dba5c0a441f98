using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Registration;
using CallTracker.EndToEnd.Tests.Ringback;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Hold;

/// <summary>What a caller hears while the shop holds: SIPp on both sides, an ear at the caller's RTP port.</summary>
[Collection(ProductCollection.Name)]
public sealed class HoldMusicTests(Product product)
{
    private const int MusicHz = 700;

    [Theory]
    [InlineData("sendonly", "recvonly")]
    [InlineData("inactive", "inactive")]
    public async Task Caller_HeldByTheShop_HearsTheFileOfItsTrunkUntilItIsTakenBack(string hold, string answered)
    {
        await BringMusicAsync("e2e_music");
        using var ear = new RtpEar();
        await CallAsync(ear, await product.NewLineAsync(holdMusic: "e2e_music"), hold, answered);

        var heard = ear.Heard;
        // 1.5 s of hold; what comes after the hold or before it is nobody's.
        heard.Count.ShouldBeInRange(70, 85);
        heard.ShouldAllBe(packet => packet.Type == 8 && packet.Ssrc == heard[0].Ssrc);
        heard.Select(packet => packet.Marker).ShouldBe([true, .. Enumerable.Repeat(false, heard.Count - 1)]);
        for (var i = 1; i < heard.Count; i++)
        {
            ((ushort)(heard[i].Sequence - heard[i - 1].Sequence)).ShouldBe((ushort)1);
            (heard[i].Timestamp - heard[i - 1].Timestamp).ShouldBe(160u);
        }
        short[] sound = [.. heard.SelectMany(packet => packet.Payload).Select(FromALaw)];
        ToneFile.Share(sound, MusicHz).ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public async Task Caller_HeldByAShopWithoutMusic_HearsNothing()
    {
        using var ear = new RtpEar();
        await CallAsync(ear, await product.NewLineAsync(), "sendonly", "recvonly");
        ear.Heard.ShouldBeEmpty();
    }

    private static async Task CallAsync(RtpEar ear, Line line, string hold, string answered)
    {
        var shop = await line.StartShopAsync(
            $"""
            recv INVITE
            answer 200 OK sdp
            recv ACK
            pause 200
            send INVITE {hold}
            recv 100?
            recv 200 /a={answered}/
            send ACK
            pause 1500
            send INVITE sendrecv
            recv 100?
            recv 200 /a=sendrecv/
            send ACK
            pause 400
            send BYE
            recv 200
            """);
        var carried = answered == "inactive" ? "sendonly" : hold;
        var caller = line.StartCaller(
            $"""
            send INVITE port={ear.Port}
            recv 100?
            recv 180?
            recv 200
            send ACK
            recv INVITE /a={carried}/
            answer 200 OK sdp port={ear.Port},recvonly
            recv ACK
            recv INVITE /a=sendrecv/
            answer 200 OK sdp port={ear.Port}
            recv ACK
            recv BYE
            answer 200 OK
            """);
        await SippRun.SucceedAsync([shop, caller]);
    }

    // The node finds it by itself.
    private async Task BringMusicAsync(string id)
    {
        var folder = Directory.CreateDirectory(Path.Combine(product.RunDir, "prompts"));
        var path = Path.Combine(folder.FullName, id + ".wav");
        if (File.Exists(path)) return;
        ToneFile.Write(path, MusicHz, sec: 3);
        await Wait.UntilAsync("the prompt can be played", 10_000,
            async () => await product.NodeMetricAsync("calltracker_prompt_memory_bytes") > 0);
    }

    // ITU-T G.711, by its own formula.
    private static short FromALaw(byte code)
    {
        var bits = code ^ 0x55;
        var (exponent, mantissa) = ((bits >> 4) & 7, bits & 0x0f);
        var magnitude = exponent == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
