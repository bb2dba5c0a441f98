using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="ReadmeNamesCheck"/> can fail.</summary>
public sealed class ReadmeNamesCheckTests
{
    private static readonly (string, string)[] Source =
        [("dataplane/CallTracker.Core/Net/UdpSocket.cs", "class UdpSocket { string A = \"GoneType\"; } // GoneType\n")];

    [Theory]
    [InlineData("README.md", "The `GoneType` does it.\n")]
    [InlineData("dataplane/README.md", "see `dataplane/CallTracker.Core/Net/Gone.cs`\n")]
    [InlineData("README.md", "run `ops/gone`\n")]
    public void Name_NotInTheSource_IsFound(string path, string text)
        => CheckAssert.Finds<ReadmeNamesCheck>(1, [(path, text), .. Source]);

    [Theory]
    [InlineData("README.md", "`UdpSocket`, `Redis`, `OPTIONS`, `not a name`, `Content-Length`, GoneType\n")]
    [InlineData("README.md", "`dataplane/CallTracker.Core`, `dataplane/CallTracker.Core/Net/UdpSocket.cs`, `a/b`\n")]
    [InlineData("notes.md", "`GoneType`\n")]
    public void Name_InTheSourceOrNoName_IsAccepted(string path, string text)
        => CheckAssert.Accepts<ReadmeNamesCheck>([(path, text), .. Source]);
}
