using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

/// <summary>The messages of RFC 4475, byte for byte, against the table beside them.</summary>
public sealed class TortureTests
{
    public static TheoryData<string, SipParseResult, bool> Outcomes()
    {
        var data = new TheoryData<string, SipParseResult, bool>();
        foreach (var line in File.ReadLines(Corpus.Path("Torture/outcomes.tsv")).Skip(1))
        {
            var columns = line.Split('\t');
            data.Add(columns[0], Enum.Parse<SipParseResult>(columns[1]), bool.Parse(columns[2]));
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Message_OfRfc4475_EndsAsTheTableSays(string file, SipParseResult result, bool canAnswer)
    {
        var message = Load(file, out var actual);

        actual.ShouldBe(result);
        message.CanAnswer.ShouldBe(canAnswer);
    }

    [Fact]
    public void Corpus_AndItsTable_HoldTheSameFiles()
    {
        var files = Directory.GetFiles(Corpus.Path("Torture"), "*.dat").Select(Path.GetFileNameWithoutExtension);
        files.Order(StringComparer.Ordinal).ShouldBe(
            Outcomes().Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
        files.Count().ShouldBe(49);
    }

    [Fact]
    public void Wsinv_WithFoldsAndOddSpace_GivesItsFields()
    {
        var message = Load("wsinv", out _);

        message.MaxForwards.ShouldBe(68);
        message.CSeqNumber.ShouldBe(9u);
        Wire.Text(message.ToTag).ShouldBe("1918181833n");
        Wire.Text(message.FromTag).ShouldBe("98asjd8");
        message.Count(SipHeaderKind.Via).ShouldBe(3);
        Wire.Text(message.TopVia.SentByHost).ShouldBe("192.0.2.2");
        message.TopVia.HasUniqueBranch.ShouldBeFalse();
        SipViaView.TryParse(message.Header(SipHeaderKind.Via, 2), out var third).ShouldBeTrue();
        Wire.Text(third.Branch).ShouldBe("z9hG4bK30239");
        Wire.Text(third.SentByHost).ShouldBe("192.168.255.111");
        NameAddrView.TryParse(message.Header(SipHeaderKind.Contact), out var contact).ShouldBeTrue();
        contact.Parameters.TryGet("q"u8, out var q).ShouldBeTrue();
        Wire.Text(q).ShouldBe("0.33");
        contact.Parameters.Has("secondparam"u8).ShouldBeTrue();
        message.Body.Length.ShouldBe(150);
    }

    [Fact]
    public void Intmeth_WithEveryTokenCharacter_GivesItsFields()
    {
        var message = Load("intmeth", out _);

        message.Method.ShouldBe(SipMethod.Unknown);
        message.MaxForwards.ShouldBe(255);
        message.MethodText.SequenceEqual(message.CSeqMethodText).ShouldBeTrue();
        Wire.Text(message.FromTag).ShouldBe("_token~1'+`*%!-.");
        NameAddrView.TryParse(message.To, out var to).ShouldBeTrue();
        to.Display.Contains((byte)0).ShouldBeTrue();
    }

    [Fact]
    public void Longreq_WithThirtyFourVias_KeepsThemAll()
    {
        var message = Load("longreq", out _);

        message.Count(SipHeaderKind.Via).ShouldBe(34);
        Wire.Text(message.TopVia.SentByHost).ShouldBe("sip33.example.com");
        message.CallId.Length.ShouldBe(141);
    }

    [Fact]
    public void Dblreq_WithASecondRequest_StopsAfterTheFirst()
    {
        var message = Load("dblreq", out _);
        Wire.Text(message.Bytes).ShouldEndWith("Content-Length: 0\r\n\r\n");
    }

    [Fact]
    public void Regbadct_Contact_IsRefusedWhenRead()
    {
        var message = Load("regbadct", out _);
        NameAddrView.TryParse(message.Header(SipHeaderKind.Contact), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("unkscm", SipUriScheme.Other)]
    [InlineData("novelsc", SipUriScheme.Other)]
    [InlineData("semiuri", SipUriScheme.Sip)]
    public void RequestUri_OfEachScheme_IsTold(string file, SipUriScheme scheme)
    {
        SipUriView.TryParse(Load(file, out _).RequestUri, out var uri).ShouldBeTrue();
        uri.Scheme.ShouldBe(scheme);
    }

    private static SipMessage Load(string file, out SipParseResult result)
    {
        var message = new SipMessage();
        result = Wire.TryParse(message, File.ReadAllBytes(Corpus.Path($"Torture/{file}.dat")));
        return message;
    }
}
