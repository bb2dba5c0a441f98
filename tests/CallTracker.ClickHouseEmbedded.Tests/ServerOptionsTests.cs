using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>The command line: what is taken, and the one clear line for what is not. No engine.</summary>
public sealed class ServerOptionsTests
{
    [Fact]
    public void Options_All_AreTaken()
    {
        var options = ServerOptions.TryParse(
            ["--port", "18139", "--bind", "::1", "--data", "/var/x", "--library", "/lib/y.so"],
            name => name == ServerOptions.PasswordVariable ? "secret" : null,
            out var reason);

        reason.ShouldBeEmpty();
        options!.Port.ShouldBe(18139);
        options.Bind.ToString().ShouldBe("::1");
        options.DataPath.ShouldBe("/var/x");
        options.LibraryPath.ShouldBe("/lib/y.so");
        options.Password.ShouldBe("secret");
    }

    [Theory]
    [InlineData("--data is missing")]
    [InlineData("--port needs a value", "--data", "x", "--port")]
    [InlineData("--port 70000 is not understood", "--data", "x", "--port", "70000")]
    [InlineData("--port -1 is not understood", "--data", "x", "--port", "-1")]
    [InlineData("--bind nowhere is not understood", "--data", "x", "--bind", "nowhere")]
    [InlineData("--what 1 is not understood", "--data", "x", "--what", "1")]
    [InlineData("--data needs a value", "--data", " ")]
    public void Options_ThatMakeNoSense_AreNamed(string start, params string[] arguments)
    {
        ServerOptions.TryParse(arguments, _ => null, out var reason).ShouldBeNull();

        reason.ShouldStartWith(start);
        reason.ShouldContain("usage:");
    }

    [Fact]
    public void LogLine_WithControlCharacters_IsEscaped()
    {
        ServerLog.Escape("a\nb\u001b[0m\u3042").ShouldBe("a\\u000ab\\u001b[0m\\u3042");
    }
}
