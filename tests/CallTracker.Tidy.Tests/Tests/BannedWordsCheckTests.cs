using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="BannedWordsCheck"/> can fail.</summary>
public sealed class BannedWordsCheckTests
{
    [Theory]
    [InlineData("A.cs", "class A;\n// FIXME: later\n")]
    [InlineData("A.cs", "class A;\n/* a\n HACK */\n")]
    [InlineData("A.cs", "/// <summary>TODO</summary>\nclass A;\n")]
    [InlineData("A.cs", "class A;\n  #region Helpers\n")]
    [InlineData("ops/run", "# TODO: the rest\n")]
    [InlineData("a.sql", "-- FIXME\n")]
    public void Word_OfUnfinishedWork_IsFound(string path, string text)
        => CheckAssert.Finds<BannedWordsCheck>(1, (path, text));

    [Theory]
    [InlineData("A.cs", "class A { string B = \"// TODO\"; int HACK; }\n// A hackney carriage.\n")]
    [InlineData("A.cs", "class A { string B = \"\"\"\n#region\n\"\"\"; }\n")]
    [InlineData("style.md", "No TODO.\n")]
    public void Word_OutsideComments_IsAccepted(string path, string text)
        => CheckAssert.Accepts<BannedWordsCheck>((path, text));
}
