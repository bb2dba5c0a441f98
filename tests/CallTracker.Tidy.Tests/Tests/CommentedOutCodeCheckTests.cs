using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="CommentedOutCodeCheck"/> can fail.</summary>
public sealed class CommentedOutCodeCheckTests
{
    [Theory]
    [InlineData("class A;\n//Run();\n")]
    [InlineData("class A { int B; // return 1; \n}\n")]
    public void Statement_InAComment_IsFound(string text)
        => CheckAssert.Finds<CommentedOutCodeCheck>(1, ("A.cs", text));

    [Theory]
    [InlineData("/// a doc comment;\n// Says why.\nclass A { string B = \"// x;\"; }\n")]
    [InlineData("// Via: SIP/2.0/UDP h;branch=z9hG4bK1\nclass A;\n")]
    public void Comment_InProse_IsAccepted(string text)
        => CheckAssert.Accepts<CommentedOutCodeCheck>(("A.cs", text));
}
