using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Recording;
using CallTracker.EndToEnd.Tests.Registration;

namespace CallTracker.EndToEnd.Tests.Transcoding;

/// <summary>
/// Phones of another make (baresip, with libopus and spandsp) whose codec the shop lacks: what they hear of their own
/// tone has gone through our decoders and encoders both ways.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class TranscodeTests(Product product)
{
    [Theory]
    [InlineData("opus/48000/2", "3401")]
    [InlineData("g722/16000/1", "3402")]
    public async Task Phone_WithACodecThatTheShopLacks_HearsTheEchoOfItsOwnTone(string codec, string user)
    {
        var line = await product.NewLineAsync();
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/numbers/" + line.DinId, new { recording = "both" });
        await AddPhoneAsync(user, transcode: "on");
        try
        {
            var shop = await line.StartShopAsync(Scripts.Answer
                .Replace("sdp", "sdp pcmu", StringComparison.Ordinal));
            await using var phone = await Softphone.StartAsync(product, user, codec: codec);
            await phone.CallAsync($"sip:{line.DinId}@127.0.0.1:{product.SipPort}");
            // The talk itself: so long the phone must hear its own tone.
            await Task.Delay(3000);
            (await product.NodeMetricAsync("calltracker_transcoded_calls")).ShouldBe(1, phone.Output);
            await phone.LeaveAsync();
            await shop.SucceedAsync();
            var (sec, toneShare) = phone.Heard;
            sec.ShouldBeInRange(2, 4);
            toneShare.ShouldBeGreaterThan(0.8, phone.Output);
            var row = await line.RowAsync();
            row.OutRelayed.ShouldBeGreaterThan(100);
            await HearRecordingAsync(row.TrnId);
            (await product.NodeMetricAsync("calltracker_transcoded_calls")).ShouldBe(0);
        }
        finally
        {
            await RemovePhoneAsync(user);
        }
    }

    [Fact]
    public async Task Phone_WhoseTrunkDoesNotSaySo_IsOfferedAsItIs()
    {
        const string User = "3403";
        var line = await product.NewLineAsync();
        await AddPhoneAsync(User, transcode: "off");
        try
        {
            var shop = await line.StartShopAsync(Scripts.Busy);
            await using var phone = await Softphone.StartAsync(product, User, codec: "g722/16000/1");
            await phone.DialAsync($"sip:{line.DinId}@127.0.0.1:{product.SipPort}");
            await shop.SucceedAsync();
            shop.Messages.ShouldContain(" RTP/AVP 9");
            shop.Messages.ShouldNotContain("PCMU/8000");
        }
        finally
        {
            await RemovePhoneAsync(User);
        }
    }

    // The phone's side was decoded by the recorder, the shop's came as PCMU.
    private async Task HearRecordingAsync(string trnId)
    {
        await Wait.UntilAsync("the recording is filed", 30_000, async () =>
            (await product.Http.QueryAsync("SELECT 1 AS one FROM calltracker.recordings FINAL "
                + $"WHERE trn_id = '{trnId}' AND state = 'complete'")).Count == 1);
        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Sec.ShouldBeInRange(2.5, 6);
        foreach (var side in new[] { wav.Left, wav.Right })
            ToneCodec.Share([.. side.Skip(8000).Take(12_000)], Softphone.ToneHz).ShouldBeGreaterThan(0.8);
    }

    private async Task AddPhoneAsync(string user, string transcode)
    {
        await product.AddPhoneAsync(user);
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-" + user, new { transcode });
        // The phone sends from 127.0.0.1, which is the carrier's otherwise.
        await MoveCarrierAsync("127.0.0.99");
    }

    private async Task RemovePhoneAsync(string user)
    {
        await MoveCarrierAsync("127.0.0.1");
        await product.RemoveTrunkAsync("e2e-" + user);
    }

    private async Task MoveCarrierAsync(string address)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-carrier", new { inbound_from = new[] { address } });
        await product.ChangeSeenAsync();
    }
}
