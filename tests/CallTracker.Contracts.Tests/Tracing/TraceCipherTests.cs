using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Tracing;

/// <summary>Sealed messages open with their key and their call only.</summary>
public sealed class TraceCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, CallerCipher.KeyLength).Select(i => (byte)i)];
    private const string TrnId = "0123456789abcdef01234567";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    public void Message_SealedAndOpened_IsTheSame(int length)
    {
        using var cipher = new TraceCipher(Key);
        var message = new byte[length];
        new Random(1).NextBytes(message);
        var box = cipher.Seal(TrnId, message);
        // A byte or two of a message stand in any box by chance.
        if (length >= 16) box.AsSpan().IndexOf(message.AsSpan()[..16]).ShouldBe(-1);
        cipher.Open(TrnId, box).ShouldBe(message);
        cipher.Seal(TrnId, message).ShouldNotBe(box);
    }

    [Fact]
    public void Box_OfAnotherCallOrKeyOrAltered_DoesNotOpen()
    {
        using var cipher = new TraceCipher(Key);
        using var other = new TraceCipher([.. Key.Reverse()]);
        var box = cipher.Seal(TrnId, "INVITE"u8);
        cipher.Open(TrnId.Replace('7', '8'), box).ShouldBeNull();
        other.Open(TrnId, box).ShouldBeNull();
        for (var i = 0; i < box.Length; i++)
        {
            var altered = box.ToArray();
            altered[i] ^= 1;
            cipher.Open(TrnId, altered).ShouldBeNull();
            cipher.Open(TrnId, box.AsSpan(0, i)).ShouldBeNull();
        }
    }
}
