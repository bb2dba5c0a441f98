using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="DocCommentCheck"/> can fail.</summary>
public sealed class DocCommentCheckTests
{
    [Theory]
    [InlineData("/// <summary></summary>\nclass A;\n")]
    [InlineData("/// <summary>\n/// </summary>\nclass A;\n")]
    [InlineData("/// <summary>The port pool.</summary>\nsealed class PortPool;\n")]
    [InlineData("/// <summary>A <see cref=\"PortPool\"/>.</summary>\n[X]\nsealed class PortPool<T> : B;\n")]
    [InlineData("/// <summary>Holds ports.</summary>\nclass A\n{\n    /// <summary>Port count.</summary>\n"
        + "    public int PortCount { get; }\n}\n")]
    [InlineData("class A;\n")]
    [InlineData("// A comment, not a summary.\n[X]\npublic enum A { B }\n")]
    public void Summary_ThatSaysNothing_IsFound(string text)
        => CheckAssert.Finds<DocCommentCheck>(1, ("dataplane/A.cs", text));

    [Theory]
    [InlineData("dataplane/A.cs", "/// <summary>Lends ports.</summary>\n[X]\nclass PortPool { class B; }\n")]
    [InlineData("dataplane/A.cs", "/// <summary>Reads all.</summary>\n[X(\n    Y = 1)]\n[Z]\nclass A;\n")]
    [InlineData("dataplane/A.cs", "/// <summary>受付.</summary>\nclass A;\n")]
    [InlineData("tests/A.cs", "class A;\n")]
    public void Summary_ThatSaysSomething_IsAccepted(string path, string text)
        => CheckAssert.Accepts<DocCommentCheck>((path, text));
}
