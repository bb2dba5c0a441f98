using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="FuzzTargetCheck"/> can fail.</summary>
public sealed class FuzzTargetCheckTests
{
    private static readonly (string, string) Target = ("tests/A.Tests/Fuzz/SdpFuzzTarget.cs", "class SdpFuzzTarget;\n");
    private static readonly (string, string) Smoke = ("tests/A.Tests/FuzzTests.cs", "class T { SdpFuzzTarget _x; }\n");
    private static readonly (string, string) Corpus = ("tests/A.Tests/Corpus/Sdp/one.sdp", "v=0\n");

    [Fact]
    public void Target_WithoutSmokeTest_IsFound()
        => CheckAssert.Finds<FuzzTargetCheck>(1, Target, Corpus, ("tests/A.Tests/XTests.cs", "// SdpFuzzTarget\n"));

    [Fact]
    public void Target_WithoutCorpus_IsFound() => CheckAssert.Finds<FuzzTargetCheck>(1, Target, Smoke);

    [Fact]
    public void Target_WithBoth_IsAccepted() => CheckAssert.Accepts<FuzzTargetCheck>(Target, Smoke, Corpus);
}
