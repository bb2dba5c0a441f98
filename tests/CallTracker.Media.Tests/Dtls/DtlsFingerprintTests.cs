using System.Security.Cryptography;
using System.Text;
using CallTracker.Media.Dtls;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>The text of a certificate's hash, as RFC 8122 has it.</summary>
public sealed class DtlsFingerprintTests
{
    [Theory]
    [InlineData("sha-256", 32, DtlsHash.Sha256)]
    [InlineData("SHA-384", 48, DtlsHash.Sha384)]
    [InlineData("sha-512", 64, DtlsHash.Sha512)]
    public void Fingerprint_ReadAndWritten_IsTheSame(string name, int length, DtlsHash hash)
    {
        var text = $"{name} {Hex(length)}";
        DtlsFingerprint.TryRead(Encoding.ASCII.GetBytes(text), out var read).ShouldBeTrue();
        (read.Hash, read.Bytes.Length).ShouldBe((hash, length));
        read.Bytes[length - 1].ShouldBe((byte)(length + 9));
        var written = new byte[DtlsFingerprint.TextLengthMax];
        Encoding.ASCII.GetString(written, 0, read.Write(written)).ShouldBe(text.ToLowerInvariant()[..8]
            + text[8..].ToUpperInvariant());
        DtlsFingerprint.TryRead(Encoding.ASCII.GetBytes(text.ToLowerInvariant()), out var lower).ShouldBeTrue();
        (lower == read).ShouldBeTrue();
    }

    [Theory]
    [InlineData("sha-1 0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D")]
    [InlineData("sha-256 0A:0B")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData("")]
    public void Fingerprint_OfAnotherHashOrLength_IsNone(string text) =>
        DtlsFingerprint.TryRead(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Fingerprint_WithAWrongCharacter_IsNone()
    {
        var good = Encoding.ASCII.GetBytes("sha-256 " + Hex(32));
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] = (byte)'g';
            DtlsFingerprint.TryRead(bad, out _).ShouldBeFalse($"at {i}");
            DtlsFingerprint.TryRead(good.AsSpan(0, i), out _).ShouldBeFalse($"cut at {i}");
        }
    }

    [Fact]
    public void Identity_ItsFingerprint_IsOfItsOwnCertificate()
    {
        Identities.Ours.Fingerprint.Hash.ShouldBe(DtlsHash.Sha256);
        (Identities.Ours.Fingerprint == Identities.Theirs.Fingerprint).ShouldBeFalse();
        DtlsFingerprint.Of("x"u8).Bytes.SequenceEqual(SHA256.HashData("x"u8)).ShouldBeTrue();
    }

    private static string Hex(int length) =>
        string.Join(':', Enumerable.Range(10, length).Select(i => i.ToString("X2")));
}
