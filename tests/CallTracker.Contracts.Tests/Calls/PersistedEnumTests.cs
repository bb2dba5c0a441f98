using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Routes;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Calls;

/// <summary>Values that lie in ClickHouse and Redis: a change here breaks stored data.</summary>
public sealed class PersistedEnumTests
{
    [Fact]
    public void DialStatus_StoredValues_AreFixed() => Listing<DialStatus>().ShouldBe(
        "None=0 Normal=1 Busy=2 NoAnswer=3 Unresponsive=4 Incomplete=5 LineUnavailable=6 Diverted=7");

    [Fact]
    public void HangupSide_StoredValues_AreFixed() =>
        Listing<HangupSide>().ShouldBe("Unknown=0 Caller=1 Callee=2 System=3");

    [Fact]
    public void TerminalKind_StoredValues_AreFixed() => Listing<TerminalKind>().ShouldBe(
        "Unknown=0 Fixed=1 Mobile=2 Ip=3 Payphone=4 Withheld=5 International=6");

    [Fact]
    public void CallerDisplay_StoredValues_AreFixed() => Listing<CallerDisplay>().ShouldBe("Caller=0 System=1");

    private static string Listing<T>() where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(v => $"{v}={Convert.ToInt32(v)}"));
}
