using System.Net;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Recordings;
using CallTracker.ControlPlane.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Recordings;

/// <summary>Recordings whose days are over go, and no others.</summary>
public sealed class RecordingRetentionTests(Stack stack)
{
    private const long DayMs = 86_400_000;

    [Fact]
    public async Task Sweep_DeletesWhatIsDue_AndNothingElse()
    {
        var tenant = await stack.NewTenantAsync();
        var other = await stack.NewTenantAsync();
        await RecordAsync(tenant, "due", ageDays: 31, keepDays: 30);
        await RecordAsync(tenant, "young", ageDays: 29, keepDays: 30);
        await RecordAsync(tenant, "ever", ageDays: 400, keepDays: 0);
        await RecordAsync(other, "due", ageDays: 2, keepDays: 1);
        var retention = stack.Services.GetRequiredService<RecordingRetention>();
        (await retention.SweepAsync(TestContext.Current.CancellationToken)).ShouldBe(2);

        foreach (var gone in new[] { tenant, other })
        {
            (await gone.Admin.GetAsync($"/v1/calls/{gone.TrnId("due")}/recording"))
                .ExpectProblem(HttpStatusCode.NotFound, "recording_deleted");
            File.Exists(Folder.FiledPath(gone.TrnId("due"))).ShouldBeFalse();
        }
        File.Exists(Folder.FiledPath(tenant.TrnId("young"))).ShouldBeTrue();
        File.Exists(Folder.FiledPath(tenant.TrnId("ever"))).ShouldBeTrue();
        (await retention.SweepAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task CallLog_OfARecordingWithDays_SaysUntilWhenItIsKept()
    {
        var tenant = await stack.NewTenantAsync();
        var dinMs = await RecordAsync(tenant, "kept", ageDays: 1, keepDays: 30);
        await RecordAsync(tenant, "ever", ageDays: 1, keepDays: 0);
        var call = (await tenant.Admin.GetAsync("/v1/calls/" + tenant.TrnId("kept"))).Expect(HttpStatusCode.OK);
        DateTimeOffset.Parse(call["recording_until"], null).ToUnixTimeMilliseconds().ShouldBe(dinMs + (30 * DayMs));
        var other = await tenant.Admin.GetAsync("/v1/calls/" + tenant.TrnId("ever"));
        other.Json.TryGetProperty("recording_until", out var until);
        until.ValueKind.ShouldBeOneOf(System.Text.Json.JsonValueKind.Null, System.Text.Json.JsonValueKind.Undefined);
    }

    private RecordingFolder Folder => new(stack.Options.RecordingFolder);

    // A call with its recording, file and row, as a node leaves them.
    private async Task<long> RecordAsync(Tenant tenant, string name, int ageDays, int keepDays)
    {
        var dinMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (ageDays * DayMs);
        await stack.ShipAsync(RecordingShipment.Recorded(tenant.Call(name, dinMs)));
        RecordingShipment.Write(stack, tenant.OperatorId, tenant.TrnId(name), "c1", isFiled: true);
        await RecordingShipment.FileAsync(stack, tenant, name, dinMs, keepDays);
        return dinMs;
    }
}
