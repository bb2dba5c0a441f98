using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="PackageVersionCheck"/> can fail.</summary>
public sealed class PackageVersionCheckTests
{
    private static readonly (string, string) Versions =
        ("Directory.Packages.props", "<PackageVersion Include=\"Shouldly\" Version=\"4.2.1\" />\n");

    [Theory]
    [InlineData("<PackageReference Include=\"Shouldly\" Version=\"4.2.1\" />")]
    [InlineData("<PackageReference Include=\"Shouldly\" VersionOverride=\"4.2.1\" />")]
    [InlineData("<PackageReference Include=\"Other\" />")]
    public void Version_OutsideTheCentralFile_IsFound(string line)
        => CheckAssert.Finds<PackageVersionCheck>(1, ("a/A.csproj", line), Versions);

    [Fact]
    public void Version_InTheCentralFile_IsAccepted()
        => CheckAssert.Accepts<PackageVersionCheck>(
            ("a/A.csproj", "<PackageReference Include=\"Shouldly\" PrivateAssets=\"all\" />\n"), Versions);
}
