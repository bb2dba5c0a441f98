using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Parsing;

public sealed class SipMessageTests
{
    [Fact]
    public void Request_WithEveryMandatoryHeader_GivesItsFields()
    {
        var message = Wire.Parse(Wire.Invite());

        message.IsRequest.ShouldBeTrue();
        message.Method.ShouldBe(SipMethod.Invite);
        Wire.Text(message.RequestUri).ShouldBe("sip:0120000111@192.0.2.9");
        Wire.Text(message.CallId).ShouldBe("call1@192.0.2.1");
        message.CSeqNumber.ShouldBe(1u);
        message.CSeqMethod.ShouldBe(SipMethod.Invite);
        Wire.Text(message.FromTag).ShouldBe("from1");
        message.ToTag.IsEmpty.ShouldBeTrue();
        message.MaxForwards.ShouldBe(70);
        message.CanAnswer.ShouldBeTrue();
        message.Body.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Response_WithReason_GivesCodeAndReason()
    {
        var message = Wire.Parse(Wire.Response(Wire.Invite(), 486));

        message.IsRequest.ShouldBeFalse();
        message.StatusCode.ShouldBe(486);
        Wire.Text(message.ReasonPhrase).ShouldBe("Reason");
        Wire.Text(message.ToTag).ShouldBe("to1");
        message.CanAnswer.ShouldBeFalse();
    }

    [Theory]
    [InlineData("v", SipHeaderKind.Via)]
    [InlineData("f", SipHeaderKind.From)]
    [InlineData("T", SipHeaderKind.To)]
    [InlineData("i", SipHeaderKind.CallId)]
    [InlineData("m", SipHeaderKind.Contact)]
    [InlineData("c", SipHeaderKind.ContentType)]
    [InlineData("L", SipHeaderKind.ContentLength)]
    [InlineData("k", SipHeaderKind.Supported)]
    [InlineData("x", SipHeaderKind.SessionExpires)]
    [InlineData("p-asserted-identity", SipHeaderKind.PAssertedIdentity)]
    [InlineData("q", SipHeaderKind.Other)]
    [InlineData("Via2", SipHeaderKind.Other)]
    public void HeaderName_InAnyForm_IsKnown(string name, SipHeaderKind kind) =>
        SipHeaderNames.Parse(Wire.Bytes(name)).ShouldBe(kind);

    [Fact]
    public void HeaderNames_AllKinds_AreFoundByTheirFullName()
    {
        for (var i = 1; i < SipHeaderNames.KindCount; i++)
            SipHeaderNames.Parse(SipHeaderNames.NameOf((SipHeaderKind)i)).ShouldBe((SipHeaderKind)i);
    }

    [Fact]
    public void Folding_InAnyHeader_ReadsAsOneLine()
    {
        var message = Wire.Parse(Wire.Request("OPTIONS", extra: "Subject: one\n  two\n\tthree\nX-Last: 1\n"));

        Wire.Text(message.Header(SipHeaderKind.Subject)).ShouldBe("one    two  \tthree");
        message.TryFind("x-last"u8, out var value).ShouldBeTrue();
        Wire.Text(value).ShouldBe("1");
    }

    [Fact]
    public void AddressLists_WithQuotesAndBrackets_AreSplitAtTheRightCommas()
    {
        const string Contacts = "Contact: \"a, \\\" b\" <sip:a@h;x=1,2>, sip:c@h;q=0.5 ,<sip:d@h>\nm: <sip:e@h>\n";
        var message = Wire.Parse(Wire.Request("OPTIONS", extra: Contacts));

        message.Count(SipHeaderKind.Contact).ShouldBe(4);
        Wire.Text(message.Header(SipHeaderKind.Contact)).ShouldBe("\"a, \\\" b\" <sip:a@h;x=1,2>");
        Wire.Text(message.Header(SipHeaderKind.Contact, 1)).ShouldBe("sip:c@h;q=0.5");
        Wire.Text(message.Header(SipHeaderKind.Contact, 2)).ShouldBe("<sip:d@h>");
        Wire.Text(message.Header(SipHeaderKind.Contact, 3)).ShouldBe("<sip:e@h>");
        message.Header(SipHeaderKind.Contact, 4).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Headers_WalkedInOrder_AreAllThere()
    {
        var names = new List<string>();
        foreach (var header in Wire.Parse(Wire.Request("OPTIONS", extra: "X-A: 1\nX-B:\n")).Headers)
            names.Add($"{header.Kind}|{Wire.Text(header.Name)}|{Wire.Text(header.Value)}");

        names.Count.ShouldBe(9);
        names[0].ShouldStartWith("Via|Via|SIP/2.0/UDP");
        names[6].ShouldBe("Other|X-A|1");
        names[7].ShouldBe("Other|X-B|");
    }

    [Fact]
    public void HasToken_InCommaLists_ComparesWholeTokensWithoutCase()
    {
        var message = Wire.Parse(Wire.Request("OPTIONS", extra: "Supported: timer , 100REL\nk: path\n"));

        message.HasToken(SipHeaderKind.Supported, "100rel"u8).ShouldBeTrue();
        message.HasToken(SipHeaderKind.Supported, "path"u8).ShouldBeTrue();
        message.HasToken(SipHeaderKind.Supported, "time"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "body and more", "body and more")]
    [InlineData("Content-Length: 4\n", "body and more", "body")]
    [InlineData("l: 0\n", "ignored", "")]
    public void Body_ByContentLength_EndsWhereItSays(string header, string body, string expected)
    {
        var text = Wire.Request("OPTIONS").Replace("Content-Length: 0\n", header, StringComparison.Ordinal) + body;
        var message = Wire.Parse(text);

        Wire.Text(message.Body).ShouldBe(expected);
        Wire.Text(message.Bytes).ShouldEndWith("\r\n\r\n" + expected);
    }

    [Fact]
    public void LineEnds_BeforeTheStartLineAndBareLf_AreAccepted()
    {
        var message = new SipMessage();
        var text = "\r\n\r\n" + Wire.Request("OPTIONS").ReplaceLineEndings("\n");

        Wire.TryParse(message, System.Text.Encoding.Latin1.GetBytes(text)).ShouldBe(SipParseResult.Ok);
        message.Method.ShouldBe(SipMethod.Options);
    }
}
