using CallTracker.Calls.Model;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Model;

/// <summary>The tags of our legs.</summary>
public sealed class LegTagTests
{
    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(255, true, 1048575)]
    [InlineData(7, true, 12345)]
    public void Tag_WrittenAndRead_NamesTheSameLeg(byte worker, bool outbound, int slot)
    {
        Span<byte> tag = stackalloc byte[LegTag.Length];
        LegTag.Write(tag, worker, outbound, slot, "ct00fedcba9876543210"u8);
        LegTag.TryRead(tag, out var readWorker, out var readOutbound, out var readSlot).ShouldBeTrue();
        (readWorker, readOutbound, readSlot).ShouldBe((worker, outbound, slot));
    }

    [Fact]
    public void Tag_AnyByteChangedToNoHex_IsNotOurs()
    {
        var tag = new byte[LegTag.Length];
        LegTag.Write(tag, 1, true, 2, "0123456789abcdef"u8);
        for (var i = 0; i < tag.Length; i++)
        {
            var kept = tag[i];
            tag[i] = (byte)'G';
            LegTag.TryRead(tag, out _, out _, out _).ShouldBeFalse($"byte {i}");
            tag[i] = kept;
        }
        LegTag.TryRead(tag.AsSpan(1), out _, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void TrnIds_Made_AreTwentyFourAlphanumericsAndUnique()
    {
        var source = new TrnIdSource(0xdeadbeef, 3);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var id = new byte[CallFacts.TrnIdLength];
        for (var i = 0; i < 10_000; i++)
        {
            source.Next(1_700_000_000_000, id);
            seen.Add(System.Text.Encoding.ASCII.GetString(id)).ShouldBeTrue();
        }
        seen.ShouldAllBe(text => text.Length == 24 && text.All(char.IsAsciiLetterOrDigit));
    }
}
