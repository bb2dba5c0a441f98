using System.Net;
using System.Text.Json;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>Calls recorded by the whole product, fetched as a user fetches them.</summary>
[Collection(ProductCollection.Name)]
public sealed class RecordingTests(Product product)
{
    [Fact]
    public async Task RecordedCall_OfTwoSides_HasEachToneOnItsSideAndCanBeDeleted()
    {
        await using var call = await RecordedCall.StartAsync(product, talkMs: 5000);
        await call.SucceedAsync();
        var row = await RecordedCall.LoggedAsync(product, call.Line, "complete");
        var trnId = row.GetProperty("trn_id").GetString()!;
        row.GetProperty("recording_id").GetString().ShouldBe(trnId);
        row.GetProperty("recording_state_label").GetString().ShouldBe("完了");
        row.GetProperty("recording_sec").GetInt32().ShouldBeInRange(4, 6);
        row.GetProperty("recording_in_lost_ms").GetInt32().ShouldBe(0);
        row.GetProperty("recording_out_lost_ms").GetInt32().ShouldBe(0);
        row.GetProperty("recording_sha256").GetString()!.Length.ShouldBe(64);

        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Channels.ShouldBe(2);
        wav.Sec.ShouldBeInRange(4.8, 6);
        // The parties begin to speak a moment after the answer, and stop a moment after the end.
        ToneCodec.Share([.. wav.Left.Skip(8000).Take(24_000)], RecordedCall.CallerHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Right.Skip(8000).Take(24_000)], RecordedCall.CalleeHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Left.Skip(8000).Take(24_000)], RecordedCall.CalleeHz).ShouldBeLessThan(0.01);

        (await product.Http.SendAsync(HttpMethod.Delete, $"/v1/calls/{trnId}/recording")).Status
            .ShouldBe(HttpStatusCode.NoContent);
        var (status, body) = await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{trnId}/recording");
        (status, body.Contains("recording_deleted", StringComparison.Ordinal))
            .ShouldBe((HttpStatusCode.NotFound, true), body);
        await RecordedCall.LoggedAsync(product, call.Line, "deleted");
    }

    [Fact]
    public async Task RunningCall_OfOneSide_CanBeHeardAlready()
    {
        await using var call = await RecordedCall.StartAsync(product, talkMs: 6000, sides: "callee");
        var trnId = await PendingAsync();
        var wav = await Wait.ForAsync("two seconds of the running call", 8000, async () =>
        {
            var sound = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
            return sound.Sec >= 2 ? sound : null;
        });
        wav.Channels.ShouldBe(1);
        ToneCodec.Share([.. wav.Left.Skip(8000)], RecordedCall.CalleeHz).ShouldBeGreaterThan(0.9);
        var (status, body) = await product.Http.SendAsync(HttpMethod.Delete, $"/v1/calls/{trnId}/recording");
        (status, body.Contains("recording_running", StringComparison.Ordinal))
            .ShouldBe((HttpStatusCode.Conflict, true), body);
        await call.SucceedAsync();
        await RecordedCall.LoggedAsync(product, call.Line, "complete");
    }

    [Fact]
    public async Task RunningCall_PausedByTheApi_IsSilentMeanwhileAndSaysSo()
    {
        await using var call = await RecordedCall.StartAsync(product, talkMs: 7000);
        var trnId = await PendingAsync();
        // Speech before the pause and after it is what the test is about; the times need not be exact.
        await Task.Delay(2000);
        (await OrderAsync(trnId, "consent")).GetProperty("consented").GetBoolean().ShouldBeTrue();
        (await OrderAsync(trnId, "pause")).GetProperty("paused").GetBoolean().ShouldBeTrue();
        (await OrderAsync(trnId, "pause")).GetProperty("changed").GetBoolean().ShouldBeFalse();
        // How long the pause is, which the record is to say.
        await Task.Delay(2000);
        (await OrderAsync(trnId, "resume")).GetProperty("paused").GetBoolean().ShouldBeFalse();
        await call.SucceedAsync();

        var row = await RecordedCall.LoggedAsync(product, call.Line, "complete");
        var pausedMs = row.GetProperty("recording_paused_ms").GetInt32();
        pausedMs.ShouldBeInRange(1900, 4000);
        var consentMs = row.GetProperty("recording_consent_ms").GetInt32();
        consentMs.ShouldBeInRange(1500, 5000);
        row.GetProperty("recording_in_lost_ms").GetInt32().ShouldBe(0);
        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Sec.ShouldBeInRange(6.8, 9);
        // The pause began right after the consent.
        var paused = (consentMs + 500) * 8;
        wav.Left.Skip(paused).Take((pausedMs - 1000) * 8).ShouldAllBe(sample => sample == 0);
        wav.Right.Skip(paused).Take((pausedMs - 1000) * 8).ShouldAllBe(sample => sample == 0);
        ToneCodec.Share([.. wav.Left.Skip(8000).Take(4000)], RecordedCall.CallerHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Left.Skip(paused + (pausedMs * 8)).Take(8000)], RecordedCall.CallerHz)
            .ShouldBeGreaterThan(0.9);
        var (status, body) = await product.Http.SendAsync(HttpMethod.Post, $"/v1/calls/{trnId}/recording/pause");
        (status, body.Contains("call_ended", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true), body);
    }

    [Fact]
    public async Task NodeKilled_DuringARecordedCall_LeavesARecordingThatPlays()
    {
        await using var call = await RecordedCall.StartAsync(product, talkMs: 30_000);
        // The talk itself: four whole seconds are on the disk by then.
        await Task.Delay(5600);
        await product.KillAsync("node");
        await product.NodeReadyAsync();
        var row = await RecordedCall.LoggedAsync(product, call.Line, "interrupted");
        row.GetProperty("recording_faults").GetString().ShouldBe("node_restart");
        var trnId = row.GetProperty("trn_id").GetString()!;
        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Sec.ShouldBeInRange(3, 7);
        ToneCodec.Share([.. wav.Left.Skip(8000)], RecordedCall.CallerHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Right.Skip(8000)], RecordedCall.CalleeHz).ShouldBeGreaterThan(0.9);
        call.Caller.Kill();
        call.Shop.Kill();
    }

    [Fact]
    public async Task Call_ThatIsNotRecorded_HasNoRecordingAndSaysSo()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Calls.Scripts.ShortTalk, Calls.Scripts.Answer);
        var trnId = (await line.RowAsync()).TrnId;
        var (status, body) = await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{trnId}/recording");
        (status, body.Contains("recording_none", StringComparison.Ordinal))
            .ShouldBe((HttpStatusCode.NotFound, true), body);
    }

    private async Task<JsonElement> OrderAsync(string trnId, string what)
    {
        var (status, body) = await product.Http.SendAsync(HttpMethod.Post, $"/v1/calls/{trnId}/recording/{what}");
        status.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    // The one file that is being written is that of the one call that is up.
    private Task<string> PendingAsync() => Wait.ForAsync("a recording that is being made", 5000, () =>
    {
        var folder = Path.Combine(product.RunDir, "recordings", "pending");
        var file = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.open").SingleOrDefault() : null;
        return Task.FromResult(file is null ? null : Path.GetFileNameWithoutExtension(file));
    });
}
