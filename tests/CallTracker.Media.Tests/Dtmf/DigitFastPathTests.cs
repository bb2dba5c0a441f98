using CallTracker.Media.Dtmf;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.FastPath;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>A call whose digits are listened to is not relayed by the kernel.</summary>
[Collection(NamespaceTests.Name)]
public sealed class DigitFastPathTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_OfASide_KeepsTheCallInUserspace(bool isRemoved) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        lab.Relay.Dtmf.SetPlan(session, MediaSide.B, new DtmfPlan(default, default, isRemoved));
        lab.Enter();
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Needed)).ShouldBe((0, 1));
        lab.Relay.Dtmf.Clear(session);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
    });
}
