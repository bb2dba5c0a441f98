using CallTracker.Node.Hosting;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Hosting;

/// <summary>The one line that the log has of a worker's end.</summary>
public sealed class FailureTextTests
{
    [Fact]
    public void Exception_OfOurOwnCode_IsNamedWithItsMessageAndWhereItCameFrom()
    {
        var text = FailureText.Of(Caught(() => Deep(0)));
        text.ShouldStartWith("IndexOutOfRangeException: Index was outside the bounds of the array. at ");
        text.ShouldContain($"{nameof(FailureTextTests)}.{nameof(Deep)}");
        text.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("The key 'sip:0312345678@x' was not present.", "The key '????????????????' was not present.")]
    [InlineData("no \"end of it", "no \"?????????")]
    [InlineData("number 0312345678 of 12345", "number 03123????? of 12345")]
    [InlineData("first\r\nActual value was INVITE sip:a SIP/2.0", "first")]
    [InlineData("bell \u0007 and \u001b[31m and 電話", "bell ? and ?[31m and ??")]
    public void Message_WithWhatMayBeOfTheNetwork_IsShownWithoutIt(string message, string shown) =>
        FailureText.Of(new InvalidOperationException(message)).ShouldBe("InvalidOperationException: " + shown);

    [Fact]
    public void Text_OfALongMessageAndADeepStack_IsBounded()
    {
        var deep = Caught(() => Deep(200));
        var text = FailureText.Of(new InvalidOperationException(new string('x', 100_000), deep));
        text.Count(c => c == 'x').ShouldBeLessThanOrEqualTo(FailureText.MessageLengthMax + 20);
        text.Split(" < ").Length.ShouldBe(FailureText.FramesMax);
        text.Length.ShouldBeLessThan(
            (2 * (FailureText.MessageLengthMax + 50)) + (FailureText.FramesMax * (FailureText.FrameLengthMax + 10)));
    }

    [Fact]
    public void Exception_WithAnother_TellsOfBothAndWhereTheInnerOneCameFrom()
    {
        var text = FailureText.Of(new TypeInitializationException("x", Caught(() => Deep(0))));
        text.ShouldStartWith("TypeInitializationException: ");
        text.ShouldContain(" of IndexOutOfRangeException: ");
        text.ShouldContain($".{nameof(Deep)}");
    }

    private static Exception Caught(Action act)
    {
        try
        {
            act();
        }
        catch (IndexOutOfRangeException e)
        {
            return e;
        }
        throw new InvalidOperationException("It did not throw.");
    }

    // So many calls, then an index that is none.
    private static int Deep(int more) => more == 0 ? Array.Empty<int>()[more] : Deep(more - 1) + 1;
}
