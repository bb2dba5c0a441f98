using System.Net;
using System.Text;
using CallTracker.Backends.Dns;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Dns;

/// <summary>Answers off the wire, good and bad: a bad one is null, nothing makes the parser throw or hang.</summary>
public sealed class DnsParserTests
{
    private static readonly DnsQuestion Question = new(0x1234, "sip.example.jp", DnsType.Srv);

    [Fact]
    public void Answer_OfCompressedRecords_IsRead()
    {
        // Two servers whose owners and targets point back into the question and into each other.
        byte[] message =
        [
            .. Head(answers: 2), .. Echo(),
            0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 12, 0, 10, 0, 5, 0x13, 0xc4, 3, (byte)'G', (byte)'w', (byte)'1',
            0xc0, 16,
            0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 30, 0, 8, 0, 20, 0, 0, 0x13, 0xc6, 0xc0, 50,
        ];
        var answer = DnsParser.TryParse(message, Question).ShouldNotBeNull();
        answer.Status.ShouldBe(DnsStatus.Answered);
        answer.Records.Select(r => $"{r.Owner} {r.Order} {r.Share} {r.Port} {r.Target} {r.TtlSec}").ShouldBe(
        [
            "sip.example.jp 10 5 5060 gw1.example.jp 60", "sip.example.jp 20 0 5062 gw1.example.jp 30",
        ]);
    }

    [Theory]
    [InlineData(0x8180, DnsStatus.Answered)]
    [InlineData(0x8583, DnsStatus.NoSuchName)]
    [InlineData(0x8182, DnsStatus.Failed)]
    [InlineData(0x8185, DnsStatus.Failed)]
    [InlineData(0x8380, DnsStatus.Truncated)]
    public void Answer_OfFlags_HasItsStatus(int flags, object status) =>
        DnsParser.TryParse([.. Head(flags: flags), .. Echo()], Question).ShouldNotBeNull().Status.ShouldBe(status);

    [Theory]
    [InlineData("id")]
    [InlineData("query")]
    [InlineData("opcode")]
    [InlineData("no question")]
    [InlineData("other name")]
    [InlineData("other type")]
    [InlineData("other class")]
    [InlineData("cut")]
    [InlineData("empty")]
    public void Answer_ToSomethingElse_IsNone(string what)
    {
        byte[] message = what switch
        {
            "id" => [.. Head(id: 0x1235), .. Echo()],
            "query" => [.. Head(flags: 0x0100), .. Echo()],
            "opcode" => [.. Head(flags: 0xa980), .. Echo()],
            "no question" => [.. Head(questions: 0)],
            "other name" => [.. Head(), .. Echo("sip.example.jq")],
            "other type" => [.. Head(), .. Echo(type: 1)],
            "other class" => [.. Head(), .. Echo(kind: 3)],
            "cut" => [.. Head(), .. Echo()[..^1]],
            _ => [],
        };
        DnsParser.TryParse(message, Question).ShouldBeNull();
    }

    [Fact]
    public void Answer_InOtherCase_IsTheSameName() =>
        DnsParser.TryParse([.. Head(), .. Echo("SIP.Example.JP")], Question).ShouldNotBeNull();

    [Theory]
    [InlineData("c020")]
    [InlineData("c021 c020")]
    [InlineData("0161 c020")]
    [InlineData("cfff")]
    [InlineData("80")]
    [InlineData("40")]
    [InlineData("c0")]
    [InlineData("3f61")]
    public void Name_ThatGoesInCirclesOrOut_IsRefused(string owner)
    {
        var bytes = Convert.FromHexString(owner.Replace(" ", "", StringComparison.Ordinal));
        byte[] message = [.. Head(answers: 1), .. Echo(), .. bytes, .. new byte[40]];
        // The record begins at 32 = 0x20: pointers to itself or forward are no names.
        (Head().Length + Echo().Length).ShouldBe(32);
        DnsParser.TryParse(message, Question).ShouldBeNull();
    }

    [Fact]
    public void Name_LongerThanAllowed_IsRefused()
    {
        var label = (byte[])[63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] name = [.. label, .. label, .. label, .. label, .. label, 0];
        DnsParser.TryParse([.. Head(answers: 1), .. Echo(), .. name, .. new byte[40]], Question).ShouldBeNull();
    }

    [Theory]
    [InlineData(1, "c0000201", true)]
    [InlineData(1, "c00002", false)]
    [InlineData(28, "20010db8000000000000000000000001", true)]
    [InlineData(28, "c0000201", false)]
    [InlineData(33, "000a000513c40000", false)]
    [InlineData(33, "000a000513c400", true)]
    [InlineData(35, "000a0014017307736970 2b643275 00 00", true)]
    [InlineData(35, "000a0014017307736970", false)]
    [InlineData(16, "0568656c6c6f", true)]
    public void Data_OfARecord_MustFitItsLength(int type, string data, bool isGood)
    {
        var bytes = Convert.FromHexString(data.Replace(" ", "", StringComparison.Ordinal));
        byte[] record = [0xc0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 9, 0, (byte)bytes.Length, .. bytes];
        var answer = DnsParser.TryParse([.. Head(answers: 1), .. Echo(), .. record], Question);
        (answer is not null).ShouldBe(isGood);
    }

    [Fact]
    public void Address_OfARecord_IsRead()
    {
        byte[] record = [0xc0, 12, 0, 1, 0, 1, 0x80, 0, 0, 9, 0, 4, 192, 0, 2, 1];
        var read = DnsParser.TryParse([.. Head(answers: 1), .. Echo(), .. record], Question)!.Records[0];
        (read.Address, read.TtlSec).ShouldBe((IPAddress.Parse("192.0.2.1"), 0));
    }

    [Fact]
    public void Answer_WithMoreRecordsThanAreRead_IsCutNotRefused()
    {
        byte[] record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1];
        var many = Enumerable.Repeat(record, 200).SelectMany(r => r);
        DnsParser.TryParse([.. Head(answers: 200), .. Echo(), .. many], Question)!.Records.Count
            .ShouldBe(DnsParser.RecordsMax);
    }

    [Fact]
    public void Fuzz_MutatedAnswers_NeverThrowAndStayInBounds()
    {
        var random = new Random(20_261_122);
        byte[] whole =
        [
            .. Head(answers: 3), .. Echo(),
            0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 12, 0, 10, 0, 5, 0x13, 0xc4, 3, (byte)'g', (byte)'w', (byte)'1',
            0xc0, 16,
            0xc0, 12, 0, 35, 0, 1, 0, 0, 0, 60, 0, 17, 0, 1, 0, 2, 1, (byte)'s', 7, .. "SIP+D2U"u8, 0, 0xc0, 16,
            0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 16,
        ];
        DnsParser.TryParse(whole, Question)!.Records.Count.ShouldBe(3);
        var good = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            if (random.Next(3) != 0) bytes = [.. whole];
            // The head is kept more often than not, or everything would end there.
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(random.Next(5) == 0 ? 0 : Math.Min(32, bytes.Length - 1), bytes.Length)] =
                    (byte)random.Next(256);
            if (DnsParser.TryParse(bytes, Question) is not { } answer) continue;
            good++;
            answer.Records.Count.ShouldBeLessThanOrEqualTo(DnsParser.RecordsMax);
            foreach (var record in answer.Records)
            {
                record.Owner.Length.ShouldBeLessThanOrEqualTo(255);
                record.Target.Length.ShouldBeLessThanOrEqualTo(255);
            }
        }
        good.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData("sip.example.jp", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("あ.jp", false)]
    public void Question_OfAName_CanBeAskedOrNot(string name, bool isName)
    {
        DnsQuestion.IsName(name).ShouldBe(isName);
        DnsQuestion.IsName(new string('a', 64)).ShouldBeFalse();
        DnsQuestion.IsName(string.Join('.', Enumerable.Repeat("abcdefg", 32))).ShouldBeFalse();
    }

    [Fact]
    public void Question_Written_IsWhatRfc1035Says() => Convert.ToHexString(Question.ToBytes()).ShouldBe(
        "12340100000100000000000003736970076578616D706C65026A700000210001");

    private static byte[] Head(int id = 0x1234, int flags = 0x8180, int questions = 1, int answers = 0) =>
        [.. Number(id), .. Number(flags), .. Number(questions), .. Number(answers), 0, 0, 0, 0];

    private static byte[] Echo(string name = "sip.example.jp", int type = 33, int kind = 1) =>
        [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0,
            .. Number(type), .. Number(kind)];

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
