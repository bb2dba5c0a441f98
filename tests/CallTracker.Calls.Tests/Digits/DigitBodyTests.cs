using System.Text;
using CallTracker.Calls.Digits;
using CallTracker.Media.Dtmf;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Digits;

/// <summary>The bodies of INFO, read and written.</summary>
public sealed class DigitBodyTests
{
    [Theory]
    [InlineData("Signal=5\r\nDuration=160\r\n", '5', 160)]
    [InlineData("Signal=*\nDuration=50", '*', 50)]
    [InlineData("Duration=250\r\nSignal=#\r\n", '#', 250)]
    [InlineData("  SIGNAL = a \r\n", 'A', DigitBody.DefaultMs)]
    [InlineData("Signal=11\r\nDuration=100\r\n", '#', 100)]
    [InlineData("Signal=5\r\nDuration=0\r\n", '5', DigitBody.DefaultMs)]
    [InlineData("Signal=5\r\nDuration=99999999999\r\n", '5', DigitBody.DefaultMs)]
    [InlineData("5", '5', DigitBody.DefaultMs)]
    [InlineData("*\r\n", '*', DigitBody.DefaultMs)]
    [InlineData("10", '*', DigitBody.DefaultMs)]
    public void Body_InAnyOfItsForms_IsRead(string body, char key, int durationMs)
    {
        DigitBody.TryRead(Encoding.ASCII.GetBytes(body), out var code, out var ms).ShouldBeTrue();
        ((char)DtmfKey.ToText(code), ms).ShouldBe((key, durationMs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Signal=")]
    [InlineData("Signal=E")]
    [InlineData("Signal=16")]
    [InlineData("Signal=55")]
    [InlineData("Signal=055")]
    [InlineData("Duration=100")]
    [InlineData("hello")]
    public void Body_WithoutAKey_IsRefused(string body) =>
        DigitBody.TryRead(Encoding.ASCII.GetBytes(body), out _, out _).ShouldBeFalse();

    [Fact]
    public void Body_AsWritten_IsReadTheSame()
    {
        var body = new byte[DigitBody.LengthMax];
        for (byte key = 0; key < DtmfKey.Count; key++)
        {
            foreach (var ms in (int[])[1, 100, 60_000])
            {
                var length = DigitBody.Write(DigitForm.Relay, key, ms, body);
                DigitBody.TryRead(body.AsSpan(0, length), out var read, out var readMs).ShouldBeTrue();
                (read, readMs).ShouldBe((key, ms));
            }
            DigitBody.Write(DigitForm.Plain, key, 5, body).ShouldBe(1);
            DigitBody.TryRead(body.AsSpan(0, 1), out var plain, out _).ShouldBeTrue();
            plain.ShouldBe(key);
        }
    }

    // Random bytes, and bodies with random bytes in them: never an exception, and only keys and times there are.
    [Fact]
    public void Bodies_AtRandom_NeverThrow()
    {
        var random = new Random(4733);
        var real = Encoding.ASCII.GetBytes("Signal=5\r\nDuration=160\r\n");
        var found = 0;
        for (var i = 0; i < 300_000; i++)
        {
            var body = new byte[random.Next(64)];
            random.NextBytes(body);
            if (i % 2 == 0)
            {
                body = [.. real];
                for (var n = random.Next(4); n > 0; n--) body[random.Next(body.Length)] = (byte)random.Next(256);
                body = body[..random.Next(body.Length + 1)];
            }
            if (!DigitBody.TryRead(body, out var key, out var ms)) continue;
            found++;
            key.ShouldBeLessThan((byte)DtmfKey.Count);
            ms.ShouldBeInRange(1, 60_000);
        }
        found.ShouldBeGreaterThan(1000);
    }
}
