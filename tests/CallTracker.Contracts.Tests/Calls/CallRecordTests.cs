using CallTracker.Contracts.Calls;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Calls;

/// <summary>The seconds of a record, derived from its times.</summary>
public sealed class CallRecordTests
{
    [Theory]
    [InlineData(1_000, 2_000, 5_500, 65_400, 3, 59, 64)]
    [InlineData(1_000, 2_000, 0, 32_999, 30, 0, 31)]
    [InlineData(1_000, 0, 0, 1_900, 0, 0, 0)]
    [InlineData(1_000, 2_000, 2_000, 2_000, 0, 0, 1)]
    [InlineData(5_000, 4_000, 3_000, 2_000, 0, 0, 0)]
    public void Seconds_FromTimes_AreWholeAndNeverNegative(
        long din, long fwd, long tst, long eoc, uint calling, uint talking, uint conn)
    {
        var record = new CallRecord
        {
            TrnId = "t",
            NodeId = "n",
            DinId = "d",
            DinMs = din,
            FwdMs = fwd,
            TstMs = tst,
            EocMs = eoc,
        };
        record.CallingSec.ShouldBe(calling);
        record.TalkingSec.ShouldBe(talking);
        record.ConnSec.ShouldBe(conn);
    }
}
