using CallTracker.Calls.Tests.Kit;
using Shouldly;

namespace CallTracker.Calls.Tests.Digits;

/// <summary>Small claims of the digit tests.</summary>
internal static class DigitChecks
{
    public static SentMessage ShouldHaveSingleOk(this List<SentMessage> sent)
    {
        var only = sent.ShouldHaveSingleItem();
        only.Code.ShouldBe(200);
        return only;
    }

    public static void ShouldBePositive(this int number) => number.ShouldBeGreaterThan(0);

    /// <summary>The formats of the m= line.</summary>
    public static string Formats(this SentMessage message) =>
        message.Body.Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal)).Split("AVP ")[1];

    /// <summary>The telephone-event lines, put together.</summary>
    public static string Events(this SentMessage message) => string.Join(
        ' ', message.Body.Split("\r\n").Where(l => l.Contains("telephone-event", StringComparison.Ordinal)));
}
