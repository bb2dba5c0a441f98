using CallTracker.Contracts.Calls;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Calls;

/// <summary>Callers' numbers: sealed so that only the key opens them, hashed so that equal ones are found.</summary>
public sealed class CallerCipherTests
{
    private static readonly byte[] KeyBytes = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("09012345678")]
    [InlineData("1")]
    [InlineData("1234567890123456789012345678901234567890")]
    public void Seal_ANumber_OpensToTheSame(string number)
    {
        using var cipher = new CallerCipher(KeyBytes);
        var sealedNumber = cipher.Seal(number);
        sealedNumber.ShouldNotBe(number);
        // A single digit may stand in base64 by chance.
        if (number.Length > 8) sealedNumber.ShouldNotContain(number);
        cipher.Open(sealedNumber).ShouldBe(number);
    }

    [Fact]
    public void Seal_TheSameNumberTwice_LooksDifferent()
    {
        using var cipher = new CallerCipher(KeyBytes);
        cipher.Seal("09012345678").ShouldNotBe(cipher.Seal("09012345678"));
    }

    [Fact]
    public void Seal_AWithheldNumber_StaysEmpty()
    {
        using var cipher = new CallerCipher(KeyBytes);
        cipher.Seal("").ShouldBeEmpty();
        cipher.Open("").ShouldBe("");
        cipher.Key("").ShouldBe(0UL);
    }

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Open_AnythingNotOurs_GivesNull(string text)
    {
        using var cipher = new CallerCipher(KeyBytes);
        cipher.Open(text).ShouldBeNull();
    }

    [Fact]
    public void Open_EveryFlippedByte_GivesNull()
    {
        using var cipher = new CallerCipher(KeyBytes);
        var box = Convert.FromBase64String(cipher.Seal("09012345678"));
        for (var i = 0; i < box.Length; i++)
        {
            box[i] ^= 1;
            cipher.Open(Convert.ToBase64String(box)).ShouldBeNull($"byte {i}");
            box[i] ^= 1;
        }
        cipher.Open(Convert.ToBase64String(box)).ShouldBe("09012345678");
    }

    [Fact]
    public void Open_WithAnotherKey_GivesNull()
    {
        using var cipher = new CallerCipher(KeyBytes);
        using var other = new CallerCipher(KeyBytes.Reverse().ToArray());
        other.Open(cipher.Seal("09012345678")).ShouldBeNull();
        other.Key("09012345678").ShouldNotBe(cipher.Key("09012345678"));
    }

    [Fact]
    public void Key_OfANumber_IsTheSameInEveryProcess()
    {
        using var cipher = new CallerCipher(KeyBytes);
        cipher.Key("09012345678").ShouldBe(4456077109647945617UL);
        cipher.Key("09012345678").ShouldNotBe(cipher.Key("09012345679"));
    }

    [Fact]
    public void OpenOrCreate_TwiceOnOneFile_GivesOneKeyForItsOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-key-");
        var path = Path.Combine(folder.FullName, "caller.key");
        using var first = CallerCipher.OpenOrCreate(path);
        using var second = CallerCipher.OpenOrCreate(path);
        second.Open(first.Seal("09012345678")).ShouldBe("09012345678");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Constructor_AKeyOfAnotherLength_Refuses() =>
        Should.Throw<ArgumentException>(() => new CallerCipher(new byte[31]));
}
