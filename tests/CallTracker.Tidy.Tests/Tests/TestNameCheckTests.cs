using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="TestNameCheck"/> can fail.</summary>
public sealed class TestNameCheckTests
{
    [Theory]
    [InlineData("[Fact]\npublic void Works() { }")]
    [InlineData("[Theory]\n[InlineData(1)]\npublic async Task Parser_Works(int x) => await X();")]
    [InlineData("[Fact(Skip = \"x\")] public void A_B_C_D() { }")]
    [InlineData("[Fact] public void parser_whenBad_Refuses() { }")]
    public void Test_NotAClaim_IsFound(string method)
        => CheckAssert.Finds<TestNameCheck>(1, ("tests/A.cs", $"class A\n{{\n{method}\n}}\n"));

    [Theory]
    [InlineData("tests/A.cs", "[Fact]\npublic void Parser_BadBytes_AreRefused() { }\nvoid Help() { }")]
    [InlineData("tests/A.cs", "[Theory, InlineData(1)]\npublic void Code_200_IsFinal(int x) { }")]
    public void Test_NamedAsAClaim_IsAccepted(string path, string method)
        => CheckAssert.Accepts<TestNameCheck>((path, $"class A\n{{\n{method}\n}}\n"));
}
