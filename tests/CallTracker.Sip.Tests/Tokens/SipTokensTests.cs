using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Tokens;

namespace CallTracker.Sip.Tests.Tokens;

public sealed class SipTokensTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public void Tokens_OfAWorker_NameIt(byte worker)
    {
        var tokens = new SipTokens(worker, 42);
        Span<byte> text = stackalloc byte[64];

        SipTokens.TryReadWorker(tokens.WriteBranch(text), out var read).ShouldBeTrue();
        read.ShouldBe(worker);
        SipTokens.TryReadWorker(tokens.WriteTag(text), out read).ShouldBeTrue();
        read.ShouldBe(worker);
        SipTokens.TryReadWorker(tokens.WriteCallId(text), out read).ShouldBeTrue();
        read.ShouldBe(worker);
        tokens.WriteBranch(text).StartsWith(SipViaView.MagicCookie).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("z9hG4bK")]
    [InlineData("z9hG4bK776asdhds")]
    [InlineData("from1")]
    [InlineData("ct0g0123456789abcdef")]
    [InlineData("ct000123456789abcde")]
    [InlineData("ct000123456789ABCDEF")]
    public void Tokens_OfOthers_AreNotOurs(string text) =>
        SipTokens.TryReadWorker(Wire.Bytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Tokens_ManyInARow_AreAllDifferent()
    {
        var tokens = new SipTokens(3, 99);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Span<byte> text = stackalloc byte[64];
        for (var i = 0; i < 50_000; i++)
        {
            seen.Add(Wire.Text(tokens.WriteBranch(text))).ShouldBeTrue();
            seen.Add(Wire.Text(tokens.WriteTag(text))).ShouldBeTrue();
        }
    }

    [Fact]
    public void Tokens_OfTwoWorkersWithOneSeed_ShareNoMix()
    {
        Span<byte> first = stackalloc byte[64];
        Span<byte> second = stackalloc byte[64];
        var one = new SipTokens(1, 5).WriteTag(first);
        var two = new SipTokens(2, 5).WriteTag(second);
        one[4..].SequenceEqual(two[4..]).ShouldBeFalse();
    }

    [Fact]
    public void TagOfANumber_AskedTwice_IsTheSame()
    {
        Span<byte> first = stackalloc byte[64];
        Span<byte> second = stackalloc byte[64];
        var tokens = new SipTokens(1, 5);
        tokens.WriteTag(first, 77).SequenceEqual(tokens.WriteTag(second, 77)).ShouldBeTrue();
        tokens.WriteTag(first, 77).SequenceEqual(tokens.WriteTag(second, 78)).ShouldBeFalse();
    }

    [Fact]
    public void Hash_OfDifferentSeedsLengthsAndBytes_Differs()
    {
        var hash = new SipHash(1);
        hash.Hash("abc"u8).ShouldBe(hash.Hash("abc"u8));
        hash.Hash("abc"u8).ShouldNotBe(new SipHash(2).Hash("abc"u8));
        hash.Hash("abc"u8).ShouldNotBe(hash.Hash("abc\0"u8));
        hash.Hash("abcdefgh"u8).ShouldNotBe(hash.Hash("abcdefgi"u8));
        hash.Hash("abc"u8, 1).ShouldNotBe(hash.Hash("abc"u8, 2));
    }

    [Fact]
    public void Hash_OverManyKeys_FillsBucketsEvenly()
    {
        var hash = new SipHash(7);
        var buckets = new int[256];
        for (var i = 0; i < 256 * 100; i++) buckets[hash.Hash((ulong)i) & 255]++;
        buckets.Max().ShouldBeLessThan(160);
        buckets.Min().ShouldBeGreaterThan(50);
    }
}
