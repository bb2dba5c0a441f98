using System.Net;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.TestKit.Servers;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>The whole product with an S3 server of another make (s3rver) behind it, also while that is away.</summary>
[Collection(ProductCollection.Name)]
public sealed class RecordingStoreTests(Product product) : IAsyncLifetime
{
    private S3Server _s3 = null!;

    public async ValueTask InitializeAsync()
    {
        _s3 = await S3Server.StartAsync();
        await product.RestartWithAsync(
            ("CALLTRACKER_S3_URL", new Uri(_s3.Address, S3Server.Bucket + "/tokyo").ToString()),
            ("CALLTRACKER_S3_ACCESS_KEY", S3Server.Key),
            ("CALLTRACKER_S3_SECRET_KEY", S3Server.Key));
    }

    public async ValueTask DisposeAsync()
    {
        await product.RestartWithAsync(
            ("CALLTRACKER_S3_URL", null), ("CALLTRACKER_S3_ACCESS_KEY", null), ("CALLTRACKER_S3_SECRET_KEY", null));
        await _s3.DisposeAsync();
    }

    [Fact]
    public async Task Recordings_WithAStoreThatIsAwayMeanwhile_GoThereAndAreHeardFromThere()
    {
        var first = await CallAsync();
        await Wait.UntilAsync("the first is in the store", 30_000, () => Task.FromResult(IsMoved(first)));
        var wav = await HearAsync(first);

        await _s3.KillAsync();
        var second = await CallAsync();
        await Wait.UntilAsync("the second waits", 30_000, async () =>
            await product.NodeMetricAsync("calltracker_recording_upload_failures_total") > 0
            && await product.NodeMetricAsync("calltracker_recording_uploads_waiting") > 0);
        IsHere(second).ShouldBeTrue();
        await HearAsync(second);
        var (away, body) = await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{first}/recording");
        away.ShouldBe(HttpStatusCode.ServiceUnavailable, body);

        await _s3.RestartAsync();
        await Wait.UntilAsync("the second is in the store", 90_000, () => Task.FromResult(IsMoved(second)));
        await Wait.UntilAsync("nothing waits", 30_000, async () =>
            await product.NodeMetricAsync("calltracker_recording_uploads_waiting") == 0);
        (await HearAsync(first)).ShouldBe(wav);
        (await product.Http.SendAsync(HttpMethod.Delete, $"/v1/calls/{first}/recording")).Status
            .ShouldBe(HttpStatusCode.NoContent);
        IsStored(first).ShouldBeFalse();
        IsStored(second).ShouldBeTrue();
    }

    // Here until the store has been asked whether it has it.
    private bool IsMoved(string trnId) => IsStored(trnId) && !IsHere(trnId);

    private bool IsStored(string trnId) =>
        _s3.Objects.Any(path => path.Contains(trnId, StringComparison.Ordinal));

    private bool IsHere(string trnId) =>
        Directory.GetFiles(Path.Combine(product.RunDir, "recordings"), trnId + "*", SearchOption.AllDirectories)
            .Length > 0;

    // A recorded call of two tones; its id, once the recording is filed.
    private async Task<string> CallAsync()
    {
        await using var call = await RecordedCall.StartAsync(product, talkMs: 2500);
        await call.SucceedAsync();
        var trnId = (await call.Line.RowAsync()).TrnId;
        await Wait.UntilAsync("the recording is filed", 30_000, async () =>
            (await product.Http.QueryAsync("SELECT 1 AS one FROM calltracker.recordings FINAL "
                + $"WHERE trn_id = '{trnId}' AND state = 'complete'")).Count == 1);
        return trnId;
    }

    private async Task<byte[]> HearAsync(string trnId)
    {
        var bytes = await product.Http.BytesAsync($"/v1/calls/{trnId}/recording");
        var wav = new WavFile(bytes);
        ToneCodec.Share([.. wav.Left.Skip(6000).Take(8000)], RecordedCall.CallerHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Right.Skip(6000).Take(8000)], RecordedCall.CalleeHz).ShouldBeGreaterThan(0.9);
        return bytes;
    }
}
