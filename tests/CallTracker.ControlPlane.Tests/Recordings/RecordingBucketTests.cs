using System.Net;
using System.Net.Http.Headers;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Tests.Kit;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Recordings;

/// <summary>Recordings that lie in an S3-compatible store (s3rver) are heard and deleted as those of the folder are.
/// </summary>
public sealed class RecordingBucketTests : IAsyncLifetime
{
    private S3Server _s3 = null!;
    private Stack _stack = null!;
    private RecordingBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _s3 = await S3Server.StartAsync();
        var options = new RecordingBucketOptions
        {
            Address = _s3.Address,
            Bucket = S3Server.Bucket,
            Prefix = "calls/",
            AccessKey = S3Server.Key,
            SecretKey = S3Server.Key,
        };
        _bucket = new RecordingBucket(options);
        _stack = new Stack { Bucket = options };
        await _stack.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        _bucket.Dispose();
        await _s3.DisposeAsync();
    }

    [Fact]
    public async Task Recording_InTheStore_IsGivenInWholeAndInPartsAndDeleted()
    {
        var tenant = await _stack.NewTenantAsync();
        await MoveAsync(tenant, "a");
        await MoveAsync(tenant, "b");
        _s3.Objects.Length.ShouldBe(2);
        using var whole = await GetAsync(tenant.Admin, "a", null, tenant);
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        var wav = await whole.Content.ReadAsByteArrayAsync();
        wav.Length.ShouldBe(RecordingShipment.WavLength);
        wav[58 + 2000].ShouldBe(RecordingShipment.Code(0, 1000));
        using var part = await GetAsync(tenant.Admin, "a", new RangeHeaderValue(30_000, 34_999), tenant);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(wav[30_000..35_000]);
        var other = await _stack.NewTenantAsync();
        using var toOther = await GetAsync(other.Admin, "a", null, tenant);
        toOther.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var path = $"/v1/calls/{tenant.TrnId("a")}/recording";
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        (await tenant.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "recording_deleted");
        _s3.Objects.Length.ShouldBe(1);
        // What was fetched went with its answer.
        Directory.GetFiles(Path.Combine(_stack.Options.RunDirectory, "fetched-recordings")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Store_ThatIsAwayOrHasNothing_IsSaid()
    {
        var tenant = await _stack.NewTenantAsync();
        await MoveAsync(tenant, "a");
        await _bucket.DeleteAsync(tenant.TrnId("a"), TestContext.Current.CancellationToken);
        var path = $"/v1/calls/{tenant.TrnId("a")}/recording";
        (await tenant.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "recording_elsewhere");
        await _s3.KillAsync();
        (await tenant.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        (await tenant.Admin.DeleteAsync(path)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        await _s3.RestartAsync();
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
    }

    // A call whose recording a node brought to the store.
    private async Task MoveAsync(Tenant tenant, string name)
    {
        var dinMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 100_000;
        await _stack.ShipAsync(RecordingShipment.Recorded(tenant.Call(name, dinMs)));
        await RecordingShipment.FileAsync(_stack, tenant, name, dinMs);
        RecordingShipment.Write(_stack, tenant.OperatorId, tenant.TrnId(name), "c1", isFiled: true);
        var path = new RecordingFolder(_stack.Options.RecordingFolder).FiledPath(tenant.TrnId(name));
        await using (var file = File.OpenRead(path))
            await _bucket.StoreAsync(tenant.TrnId(name), file, TestContext.Current.CancellationToken);
        File.Delete(path);
    }

    private Task<HttpResponseMessage> GetAsync(
        ApiClient client, string name, RangeHeaderValue? range, Tenant owner)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(_stack.Address, $"/v1/calls/{owner.TrnId(name)}/recording"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", client.Key);
        request.Headers.Range = range;
        return new HttpClient().SendAsync(request);
    }
}
