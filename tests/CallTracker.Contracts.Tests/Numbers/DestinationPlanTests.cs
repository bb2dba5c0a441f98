using CallTracker.Contracts.Numbers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Numbers;

/// <summary>Where a tracking number may forward to, with and without a list of its own.</summary>
public sealed class DestinationPlanTests
{
    [Theory]
    [InlineData("0312345678", "", true)]
    [InlineData("09012345678", "", true)]
    [InlineData("05012345678", "", true)]
    [InlineData("0120123456", "", true)]
    [InlineData("08001234567", "", true)]
    [InlineData("01012025550100", "", false)]
    [InlineData("00331012025550100", "", false)]
    [InlineData("0066123456789", "", false)]
    [InlineData("0990512345", "", false)]
    [InlineData("0180123456", "", false)]
    [InlineData("0570012345", "", false)]
    [InlineData("110", "", false)]
    [InlineData("119", "", false)]
    [InlineData("1840312345678", "", false)]
    [InlineData("4001", "", false)]
    [InlineData("0312345678", "0", true)]
    [InlineData("01012025550100", "0", false)]
    [InlineData("01012025550100", "0 010", true)]
    [InlineData("01012025550100", "0101", true)]
    [InlineData("01085212345678", "0101", false)]
    [InlineData("0312345678", "0101", false)]
    [InlineData("0312345678", "06 03", true)]
    [InlineData("0612345678", "03", false)]
    [InlineData("0570012345", "0 0570", true)]
    [InlineData("0570012345", "05", false)]
    [InlineData("4001", "4", true)]
    [InlineData("110", "11", true)]
    public void Destination_UnderAList_IsPermittedByTheLongestPrefix(string destination, string prefixes, bool allowed)
    {
        var list = prefixes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        DestinationPlan.Allows(destination, list).ShouldBe(allowed);
    }
}
