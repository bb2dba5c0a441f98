using CallTracker.Backends.Recording;
using CallTracker.Backends.Routes;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>A route's recording through the workers and back.</summary>
public sealed class RecordingOwnerTests
{
    [Theory]
    [InlineData(RecordingSetting.Caller, RecordedSides.Caller)]
    [InlineData(RecordingSetting.Callee, RecordedSides.Callee)]
    [InlineData(RecordingSetting.Both, RecordedSides.Both)]
    public void Route_OfARecordedNumber_NamesSidesAndOwner(RecordingSetting setting, RecordedSides sides)
    {
        // The longest ids there are.
        var (operatorId, clientId) = (new string('o', 64), new string('ぬ', 21));
        var recording = RouteMapper.TryMap(Record(setting, operatorId, clientId))!.Recording!;
        recording.Sides.ShouldBe(sides);
        RecordingOwner.Read(recording.Owner).ShouldBe((operatorId, clientId, 3650));
        recording.Owner.Length.ShouldBeLessThanOrEqualTo(RouteRecording.OwnerLengthMax);
    }

    [Theory]
    [InlineData(RecordingSetting.Off)]
    [InlineData(RecordingSetting.Failed)]
    public void Route_OfANumberThatIsNotRecorded_HasNone(RecordingSetting setting) =>
        RouteMapper.TryMap(Record(setting, "o", "c"))!.Recording.ShouldBeNull();

    [Fact]
    public void Route_WrittenBeforeThereWasRecording_HasNone() => RouteMapper.TryMap(
        """
        {"v":1,"din_id":"0120000001","operator_id":"o","client_id":"c","dialin_id":"d","destinations":[],
         "allowed_destinations":[],"system_number":""}
        """u8)!
        .Recording.ShouldBeNull();

    private static RouteRecord Record(RecordingSetting setting, string operatorId, string clientId) => new()
    {
        DinId = "0120000001",
        OperatorId = operatorId,
        ClientId = clientId,
        DialinId = "d",
        Recording = setting,
        RecordingDays = 3650,
    };
}
