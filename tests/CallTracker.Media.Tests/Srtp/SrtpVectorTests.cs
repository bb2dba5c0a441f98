using CallTracker.Core.Crypto;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>The published test vectors: RFC 3711 appendix B, RFC 6188 section 7, RFC 7714 section 16.</summary>
public sealed class SrtpVectorTests
{
    private const string Clear7714 =
        "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";

    [Theory]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C",
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0")]
    [InlineData("57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
        "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac63c4868b7096d88421b563b8c94c9a31")]
    public void CounterMode_OfTheRfcs_GivesTheirKeyStream(string key, string expected)
    {
        using var cipher = new AesCounter();
        cipher.SetKey(Bytes(key));
        var stream = new byte[expected.Length / 2];
        cipher.Apply(Bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), stream);
        Hex(stream).ShouldBe(expected, StringCompareShould.IgnoreCase);
    }

    [Theory]
    [InlineData(SrtpSuite.Cm128Sha80, "E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6",
        "C61E7A93744F39EE10734AFE3FF7A087", "30CBBC08863D8C85D49DB34A9AE1",
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")]
    [InlineData(SrtpSuite.Cm256Sha80, "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
        "3b04803de51ee7c96423ab5b78d2", "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
        "fa31791685ca444a9e07c6c64e93", "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    public void Derivation_OfTheRfcs_GivesTheirSessionKeys(
        SrtpSuite suite, string key, string salt, string expectedKey, string expectedSalt, string expectedCode)
    {
        var master = SrtpMaster.Of(suite, Bytes(key + salt));
        Derive(master, SrtpKeyLabel.RtpEncryption, expectedKey.Length / 2)
            .ShouldBe(expectedKey, StringCompareShould.IgnoreCase);
        Derive(master, SrtpKeyLabel.RtpSalt, expectedSalt.Length / 2)
            .ShouldBe(expectedSalt, StringCompareShould.IgnoreCase);
        Derive(master, SrtpKeyLabel.RtpAuthentication, expectedCode.Length / 2)
            .ShouldBe(expectedCode, StringCompareShould.IgnoreCase);
    }

    // Sections 16.1.1 and 16.2.1: the nonce is what the section works out from salt, SSRC, ROC and SEQ.
    [Theory]
    [InlineData("000102030405060708090a0b0c0d0e0f",
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833",
        "899d7f27beb16a9152cf765ee4390cce")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b",
        "7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void GaloisMode_OfRfc7714_GivesItsPacket(string key, string encrypted, string tag)
    {
        var header = Bytes("8040f17b8041f8d35501a0b2");
        var nonce = Bytes("51753c6580c2726f20718414");
        var data = Bytes(Clear7714);
        var code = new byte[AesGalois.TagLength];
        using var seal = new AesGalois();
        using var open = new AesGalois();
        seal.SetKey(Bytes(key), seals: true);
        open.SetKey(Bytes(key), seals: false);
        seal.Seal(nonce, header, default, data, code);
        Hex(data).ShouldBe(encrypted);
        Hex(code).ShouldBe(tag);
        open.TryOpen(nonce, header, default, data, code).ShouldBeTrue();
        Hex(data).ShouldBe(Clear7714);
    }

    // A whole packet under derived keys, as libsrtp's own validation has it.
    [Fact]
    public void CounterCipher_WholePacket_GivesThePublishedOne()
    {
        const string expected = "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb";
        var master = SrtpMaster.Of(
            SrtpSuite.Cm128Sha80, Bytes("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"));
        using var derivation = new SrtpKeyDerivation();
        using var cipher = new SrtpCounterCipher();
        cipher.SetKeys(derivation, master, seals: true);
        var buffer = new byte[expected.Length / 2];
        Bytes("800f1234decafbadcafebabe" + string.Concat(Enumerable.Repeat("ab", 16))).CopyTo(buffer, 0);
        cipher.SealRtp(buffer, 28, 12, 0xcafebabe, 0x1234);
        Hex(buffer).ShouldBe(expected);
    }

    [Fact]
    public void Mac_OfRfc2202_IsTheSameEachTime()
    {
        using var mac = new Sha1Mac();
        mac.SetKey(Bytes("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"));
        var code = new byte[Sha1Mac.Length];
        for (var i = 0; i < 3; i++)
        {
            mac.Compute("Hi "u8, "There"u8, code);
            Hex(code).ShouldBe("b617318655057264e28bc0b6fb378c8ef146be00");
        }
    }

    private static string Derive(SrtpMaster master, SrtpKeyLabel label, int length)
    {
        using var derivation = new SrtpKeyDerivation();
        var key = new byte[length];
        derivation.Begin(master);
        derivation.Derive(master, label, key);
        return Hex(key);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
