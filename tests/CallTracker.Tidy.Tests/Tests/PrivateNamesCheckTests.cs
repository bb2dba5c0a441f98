using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="PrivateNamesCheck"/> can fail.</summary>
public sealed class PrivateNamesCheckTests
{
    [Theory]
    [InlineData("a.json", "\"resolved\": \"https://registry.npm" + "js.org/x\"")]
    [InlineData("ops/x", "curl https://deb.debi" + "an.org/x")]
    [InlineData("A.cs", "var path = \"/wo" + "rk/main/x\";")]
    [InlineData("ops/x", "cd /ro" + "ot/x")]
    [InlineData("A.cs", "var path = \"/tm" + "p/x\";")]
    public void Name_OfOneMachine_IsFound(string path, string text)
        => CheckAssert.Finds<PrivateNamesCheck>(1, (path, text));

    [Theory]
    [InlineData("ops/x", "mktemp -d /tm" + "p/calltracker.XXXX")]
    [InlineData("tests/A.cs", "var sql = \"INTO OUTFILE '/tm" + "p/x'\";")]
    [InlineData("A.cs", "var path = \"/proc/net/snmp\"; var other = \"https://example.com/wo" + "rk/x\";")]
    [InlineData("a.md", "the folder tests/wo" + "rk/x")]
    public void Name_OfAnyMachine_IsAccepted(string path, string text)
        => CheckAssert.Accepts<PrivateNamesCheck>((path, text));
}
