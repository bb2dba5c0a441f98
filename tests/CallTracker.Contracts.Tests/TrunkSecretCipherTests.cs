using System.Text;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Routes;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests;

/// <summary>Sealed passwords open for their trunk and key alone, and bad texts are null.</summary>
public sealed class TrunkSecretCipherTests
{
    private static readonly byte[] KeyBytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("p")]
    [InlineData("パスワード: \"quoted\"")]
    public void Secret_SealedAndOpened_IsTheSame(string secret)
    {
        using var cipher = new TrunkSecretCipher(KeyBytes);
        var text = cipher.Seal("op", "t", secret);
        Encoding.UTF8.GetString(cipher.Open("op", "t", text).ShouldNotBeNull()).ShouldBe(secret);
        cipher.Seal("op", "t", secret).ShouldNotBe(text);
    }

    [Fact]
    public void Secret_OfTheGreatestLength_IsSealedAndALongerOneRefused()
    {
        using var cipher = new TrunkSecretCipher(KeyBytes);
        var secret = new string('x', TrunkSecretCipher.SecretLengthMax);
        cipher.Open("op", "t", cipher.Seal("op", "t", secret)).ShouldNotBeNull().Length.ShouldBe(secret.Length);
        Should.Throw<ArgumentException>(() => cipher.Seal("op", "t", secret + "x"));
        cipher.Seal("op", "t", "").ShouldBe("");
    }

    [Fact]
    public void Open_AnotherTrunkKeyOrText_IsNull()
    {
        using var cipher = new TrunkSecretCipher(KeyBytes);
        using var other = new TrunkSecretCipher(new byte[32]);
        var text = cipher.Seal("op", "t", "p");
        cipher.Open("op", "u", text).ShouldBeNull();
        cipher.Open("oq", "t", text).ShouldBeNull();
        other.Open("op", "t", text).ShouldBeNull();
        cipher.Open("op", "t", text[4..]).ShouldBeNull();
        cipher.Open("op", "t", "%").ShouldBeNull();
        cipher.Open("op", "t", "").ShouldBeNull();
        cipher.Open("op", "t", Convert.ToBase64String(new byte[400])).ShouldBeNull();
        // The same key file seals callers' numbers: neither opens what is the other's.
        using var callers = new CallerCipher(KeyBytes);
        cipher.Open("op", "t", callers.Seal("0312345678")).ShouldBeNull();
        callers.Open(text).ShouldBeNull();
    }
}
