using System.Text;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Tests.Rtp;

/// <summary>Names of one side's people and machines do not leave with its RTCP.</summary>
public sealed class RtcpNamesTests
{
    private const string CName = "alice@10.9.8.7";

    [Fact]
    public void Texts_OfASourceDescription_AreWrittenOverInPlace()
    {
        var compound = Compound(1, CName, "inside-tool 1.0");
        var hidden = (byte[])compound.Clone();
        RtcpNames.Hide(hidden);
        var text = Encoding.ASCII.GetString(hidden);
        text.ShouldNotContain("alice");
        text.ShouldNotContain("10.9.8.7");
        text.ShouldNotContain("inside");
        hidden.Length.ShouldBe(compound.Length);
        hidden[..28].ShouldBe(compound[..28]);
        // Headers, SSRC, item types and lengths stand.
        hidden[28..38].ShouldBe(compound[28..38]);
        hidden[38..52].ShouldAllBe(octet => octet >= 'a' && octet <= 'z');
        (hidden[52], hidden[53]).ShouldBe(((byte)6, (byte)15));
    }

    [Fact]
    public void Name_OfTheSameSource_StaysTheSameAndOthersDiffer()
    {
        byte[] first = Compound(1, CName, "x"), again = Compound(1, "bob@10.9.8.70.", "x");
        var other = Compound(2, CName, "x");
        RtcpNames.Hide(first);
        RtcpNames.Hide(again);
        RtcpNames.Hide(other);
        again[38..52].ShouldBe(first[38..52]);
        other[38..52].ShouldNotBe(first[38..52]);
    }

    [Fact]
    public void Packet_ThatIsEncrypted_IsLeftAlone()
    {
        byte[] secure = [.. Compound(1, CName, "x"), 0x80, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var before = (byte[])secure.Clone();
        RtcpNames.Hide(secure);
        secure.ShouldBe(before);
        byte[] shortTag = [.. Compound(1, CName, "x"), 0x80, 0, 0, 1, 1, 2, 3, 4];
        before = (byte[])shortTag.Clone();
        RtcpNames.Hide(shortTag);
        shortTag.ShouldBe(before);
    }

    [Fact]
    public void Bytes_OfAnyKind_NeverThrow()
    {
        var random = new Random(20261122);
        var whole = Compound(1, CName, "tool");
        for (var length = 0; length <= whole.Length; length++) RtcpNames.Hide(whole.AsSpan(0, length).ToArray());
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var hit = 0; hit < 4; hit++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            RtcpNames.Hide(bytes);
        }
    }

    // A sender report of 28 bytes, then SDES with CNAME and TOOL of one source.
    private static byte[] Compound(byte source, string cname, string tool)
    {
        var report = new byte[28];
        (report[0], report[1], report[3], report[7]) = (0x80, 200, 6, source);
        byte[] items =
        [
            1, (byte)cname.Length, .. Encoding.ASCII.GetBytes(cname), 6, (byte)tool.Length,
            .. Encoding.ASCII.GetBytes(tool), 0,
        ];
        var padded = new byte[(items.Length + 3) & ~3];
        items.CopyTo(padded, 0);
        var words = (4 + padded.Length) / 4;
        return [.. report, 0x81, 202, 0, (byte)words, 0, 0, 0, source, .. padded];
    }
}
