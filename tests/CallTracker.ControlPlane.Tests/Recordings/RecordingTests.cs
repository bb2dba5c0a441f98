using System.Net;
using System.Net.Http.Headers;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Recordings;

/// <summary>/v1/calls/{trn_id}/recording: what was said, for those who may hear it, and its end.</summary>
public sealed class RecordingTests(Stack stack)
{
    [Fact]
    public async Task Recording_OfACall_IsAWavFileWithBothSides()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "a");
        using var answer = await GetAsync(tenant.Admin, trnId);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe(trnId + ".wav");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var wav = await answer.Content.ReadAsByteArrayAsync();
        wav.Length.ShouldBe(RecordingShipment.WavLength);
        for (var i = 0; i < RecordingShipment.SoundMs * 8; i++)
        {
            wav[58 + (2 * i)].ShouldBe(RecordingShipment.Code(0, i));
            wav[59 + (2 * i)].ShouldBe(RecordingShipment.Code(1, i));
        }
    }

    [Theory]
    [InlineData(0L, 57L)]
    [InlineData(30_000L, 34_999L)]
    [InlineData(38_000L, null)]
    public async Task Recording_InParts_IsThatPartOfTheWhole(long from, long? to)
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "a");
        using var whole = await GetAsync(tenant.Admin, trnId);
        var wav = await whole.Content.ReadAsByteArrayAsync();
        using var part = await GetAsync(tenant.Admin, trnId, new RangeHeaderValue(from, to));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.Length.ShouldBe(wav.Length);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(wav[(int)from..(int)((to ?? (wav.Length - 1)) + 1)]);
        using var beyond = await GetAsync(tenant.Admin, trnId, new RangeHeaderValue(wav.Length, null));
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task Recording_OfOthersOrWithoutTheRight_IsNotGiven()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        await tenant.WithAdvertiserAsync("c2");
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "a", clientId: "c1");
        var path = $"/v1/calls/{trnId}/recording";
        var other = await stack.NewTenantAsync();
        (await other.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await other.Admin.DeleteAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        var reader = await tenant.KeyAsync("calls:read pii:read recordings:delete");
        (await reader.GetAsync(path)).ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        var listener = await tenant.KeyAsync("recordings:read");
        (await listener.DeleteAsync(path)).ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        (await (await tenant.KeyAsync("recordings:read recordings:delete", "c2")).DeleteAsync(path))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
        using var toOther = await GetAsync(await tenant.KeyAsync("recordings:read", "c2"), trnId);
        toOther.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var toOwn = await GetAsync(await tenant.KeyAsync("recordings:read", "c1"), trnId);
        toOwn.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.GetAsync("/v1/calls/..%2F..%2Foperator.key000000/recording")).Status
            .ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Recording_Deleted_IsGoneAndTheCallLogSaysSo()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "a");
        var path = $"/v1/calls/{trnId}/recording";
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        (await tenant.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "recording_deleted");
        new RecordingFolder(stack.Options.RecordingFolder).TryOpen(trnId).ShouldBeNull();
        var call = (await tenant.Admin.GetAsync("/v1/calls/" + trnId)).Expect(HttpStatusCode.OK);
        (call["recording_id"], call["recording_state"], call["recording_state_label"])
            .ShouldBe((trnId, "deleted", "削除済"));
        (await tenant.Admin.GetAsync($"/v1/calls/{trnId}?lang=en"))["recording_state_label"].ShouldBe("deleted");
        // Whoever asks twice, because the first answer was lost, is not told off.
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Recording_OfACallThatIsUp_CanBeHeardAndNotDeleted()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("up");
        RecordingShipment.Write(stack, tenant.OperatorId, trnId, "c1", isFiled: false);
        using var answer = await GetAsync(tenant.Admin, trnId);
        (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBe(RecordingShipment.WavLength);
        (await tenant.Admin.DeleteAsync($"/v1/calls/{trnId}/recording"))
            .ExpectProblem(HttpStatusCode.Conflict, "recording_running");
    }

    [Fact]
    public async Task Recording_ThatIsNotThere_SaysWhy()
    {
        var tenant = await stack.NewTenantAsync();
        await stack.ShipAsync(tenant.Call("off", 1_795_000_000_000));
        await stack.ShipAsync(RecordingShipment.Recorded(tenant.Call("pending", 1_795_000_000_000)));
        (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId("off")}/recording"))
            .ExpectProblem(HttpStatusCode.NotFound, "recording_none");
        (await tenant.Admin.DeleteAsync($"/v1/calls/{tenant.TrnId("off")}/recording"))
            .ExpectProblem(HttpStatusCode.NotFound, "recording_none");
        (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId("pending")}/recording"))
            .ExpectProblem(HttpStatusCode.NotFound, "recording_pending");
        (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId("nothing")}/recording"))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Recording_ThatWasAltered_IsNotGiven()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "a");
        var path = new RecordingFolder(stack.Options.RecordingFolder).FiledPath(trnId);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var answer = await GetAsync(tenant.Admin, trnId);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> GetAsync(ApiClient client, string trnId, RangeHeaderValue? range = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stack.Address, $"/v1/calls/{trnId}/recording"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", client.Key);
        request.Headers.Range = range;
        return new HttpClient().SendAsync(request);
    }
}
