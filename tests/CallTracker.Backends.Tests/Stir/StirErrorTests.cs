using System.Text;
using CallTracker.Calls.Stir;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>Every row of <see cref="StirErrorCases"/>, against the real service.</summary>
public sealed class StirErrorTests
{
    public static TheoryData<string> Names => [.. StirErrorCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Identity_WrongInOneWay_HasThatReason(string name)
    {
        await using var world = new StirWorld();
        var wrong = StirErrorCases.All[name];
        var job = world.Job(StirJobKind.Verify, [], wrong.Date, called: wrong.Called, to: wrong.Called);
        foreach (var identity in wrong.Identities(world)) job.TryAdd(Encoding.Latin1.GetBytes(identity)).ShouldBeTrue();
        var verdict = (await world.RunAsync(job)).Verdict;
        verdict.SipCode.ShouldBe((ushort)wrong.Code);
        // Without an Identity or a certificate nothing was judged.
        verdict.Verstat.ShouldBe(wrong.Code is 428 or 436 ? Verstat.NoTnValidation : Verstat.Failed);
        verdict.Attest.ShouldBe(Attestation.None);
    }

    [Fact]
    public async Task Identity_TheSameOnAnotherCall_IsAReplay()
    {
        await using var world = new StirWorld();
        var identity = world.Shaken();
        (await world.VerifyAsync(identity)).Verstat.ShouldBe(Verstat.Passed);
        // The same call tried once more is no replay.
        (await world.VerifyAsync(identity)).Verstat.ShouldBe(Verstat.Passed);
        var copy = world.Job(StirJobKind.Verify, [identity], callId: "call-2");
        (await world.RunAsync(copy)).Verdict.ShouldBe(StirVerdict.Because(StirReason.InvalidIdentity));
        world.Service.Counters.Replays.ShouldBe(1);
    }

    [Fact]
    public async Task Identity_RewrittenIntoTheOtherValidSignature_IsAReplayToo()
    {
        await using var world = new StirWorld();
        var first = world.Shaken();
        // Signing anew gives another signature over the same bytes, as s to n - s would.
        var second = world.Shaken();
        second.ShouldNotBe(first);
        (await world.VerifyAsync(first)).Verstat.ShouldBe(Verstat.Passed);
        var copy = world.Job(StirJobKind.Verify, [second], callId: "call-2");
        (await world.RunAsync(copy)).Verdict.Verstat.ShouldBe(Verstat.Failed);
    }

    [Fact]
    public async Task Replays_MoreThanAreRemembered_ForgetTheOldest()
    {
        await using var world = new StirWorld();
        var identities = Enumerable.Range(0, 40).Select(i => world.Shaken(ageSec: i - 20)).ToArray();
        foreach (var identity in identities) (await world.VerifyAsync(identity)).Verstat.ShouldBe(Verstat.Passed);
        var newest = world.Job(StirJobKind.Verify, [identities[^1]], callId: "call-2");
        (await world.RunAsync(newest)).Verdict.Verstat.ShouldBe(Verstat.Failed);
        var oldest = world.Job(StirJobKind.Verify, [identities[0]], callId: "call-2");
        (await world.RunAsync(oldest)).Verdict.Verstat.ShouldBe(Verstat.Passed);
    }
}
