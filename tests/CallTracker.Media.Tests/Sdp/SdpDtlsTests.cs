using System.Text;
using CallTracker.Media.Dtls;
using CallTracker.Media.Ice;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>What is read of a browser's SDP, and how ours is written for a browser and for a telephone.</summary>
public sealed class SdpDtlsTests
{
    private static readonly DtlsFingerprint Ours = DtlsFingerprint.Of("x"u8);

    [Fact]
    public void Offer_OfABrowser_IsReadAndIsNoHold()
    {
        var view = BrowserSdp.Parse(BrowserSdp.Offer(more: BrowserSdp.Video));
        (view.Audio.Direction, view.Audio.IsHeldByAddress).ShouldBe((SdpDirection.SendRecv, false));
        var remote = view.ReadDtls();
        Convert.ToHexString(remote.Fingerprint.Bytes).ShouldBe(BrowserSdp.Fingerprint.Replace(":", ""));
        (remote.Setup, remote.HasIce, remote.IceHash).ShouldBe(
            (DtlsSetup.ActPass, true, IceLite.HashOf("Qx7f"u8)));
        var form = view.ReadDtlsForm();
        (form.HasFeedback, form.IsBundled, Encoding.ASCII.GetString(form.Id.Text)).ShouldBe((true, true, "0"));
    }

    [Theory]
    [InlineData("a=rtcp-mux\r\n", "")]
    [InlineData("a=setup:actpass", "a=setup:holdconn")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-1")]
    [InlineData("a=fingerprint:", "a=finger:")]
    public void Offer_ThatNoHandshakeCanBeMadeOf_IsNone(string part, string instead) =>
        Changed(part, instead).ReadDtls().IsNone.ShouldBeTrue();

    [Theory]
    [InlineData("a=ice-pwd:0123456789abcdefghijklmn", "a=ice-pwd:short")]
    [InlineData("a=ice-ufrag:Qx7f", "a=ice-ufrag:Qx7")]
    [InlineData("a=ice-ufrag:Qx7f\r\n", "")]
    [InlineData("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n")]
    public void Offer_WhoseSenderSendsNoChecks_HasNoIce(string part, string instead)
    {
        var remote = Changed(part, instead).ReadDtls();
        (remote.IsNone, remote.HasIce, remote.IceHash).ShouldBe((false, false, 0UL));
    }

    [Fact]
    public void Attributes_OfTheWholeSession_CountWhereTheStreamHasNone()
    {
        var text = BrowserSdp.Offer();
        foreach (var name in new[] { "a=fingerprint:", "a=setup:", "a=ice-ufrag:", "a=ice-pwd:" })
        {
            var start = text.IndexOf(name, StringComparison.Ordinal);
            var line = text[start..(text.IndexOf("\r\n", start, StringComparison.Ordinal) + 2)];
            text = text.Replace(line, "").Replace("t=0 0\r\n", "t=0 0\r\n" + line);
        }
        BrowserSdp.Parse(text).ReadDtls().ShouldBe(BrowserSdp.Parse(BrowserSdp.Offer()).ReadDtls());
    }

    [Fact]
    public void Fingerprints_OfSeveralHashes_TheStrongestCounts()
    {
        var strong = "a=fingerprint:sha-512 " + string.Join(':', Enumerable.Repeat("0A", 64)) + "\r\n";
        var remote = Changed("a=setup:", strong + "a=setup:").ReadDtls();
        remote.Fingerprint.Hash.ShouldBe(DtlsHash.Sha512);
    }

    [Theory]
    [InlineData("actpass", DtlsSetup.Passive)]
    [InlineData("active", DtlsSetup.Passive)]
    [InlineData("passive", DtlsSetup.Active)]
    public void Answer_ToAnOffer_TakesTheOtherPartAndWaitsWhereItMay(string offered, DtlsSetup ours)
    {
        var view = BrowserSdp.Parse(BrowserSdp.Offer(offered));
        var answer = DtlsLocal.Answer(view.ReadDtls(), view.ReadDtlsForm(), default, default);
        (answer.Setup, answer.Ice.IsNone).ShouldBe((ours, false));
    }

    [Fact]
    public void Answer_ToAnotherOfferOfTheSamePeer_KeepsWhatCanGoOn()
    {
        var first = BrowserSdp.Parse(BrowserSdp.Offer("passive"));
        var before = DtlsLocal.Answer(first.ReadDtls(), first.ReadDtlsForm(), default, default);
        var same = DtlsLocal.Answer(
            BrowserSdp.Parse(BrowserSdp.Offer()).ReadDtls(), first.ReadDtlsForm(), first.ReadDtls(), before);
        (same.Setup, same.Ice == before.Ice).ShouldBe((DtlsSetup.Active, true));
        var restart = Changed("a=ice-ufrag:Qx7f", "a=ice-ufrag:Qx8f").ReadDtls();
        var restarted = DtlsLocal.Answer(restart, first.ReadDtlsForm(), first.ReadDtls(), before);
        (restarted.Setup, restarted.Ice == before.Ice).ShouldBe((DtlsSetup.Active, false));
    }

    [Theory]
    [InlineData(DtlsSetup.Active, DtlsSetup.Passive)]
    [InlineData(DtlsSetup.None, DtlsSetup.Passive)]
    [InlineData(DtlsSetup.Passive, DtlsSetup.Active)]
    public void Offer_Answered_LeavesUsTheOtherPart(DtlsSetup theirs, DtlsSetup ours)
    {
        var agreed = DtlsLocal.Offer().Agreed(theirs);
        agreed.Setup.ShouldBe(ours);
        agreed.Agreed(DtlsSetup.Passive).Setup.ShouldBe(ours);
        agreed.AsOffer().Setup.ShouldBe(DtlsSetup.ActPass);
    }

    [Fact]
    public void Sdp_ForATelephone_HasNothingOfTheBrowsersTransport()
    {
        var text = Write(Rewritten(BrowserSdp.Offer(more: BrowserSdp.Video)), default, isAlone: true);
        text.ShouldContain("m=audio 30000 RTP/AVP 111 0 8 126\r\n");
        text.ShouldContain("c=IN IP4 192.0.2.10\r\n");
        text.ShouldNotContain("video");
        text.ShouldNotContain("VP8");
        text.ShouldContain("a=rtpmap:111 opus/48000/2\r\n");
        string[] gone =
        [
            "fingerprint", "setup", "ice", "candidate", "rtcp", "mid", "extmap", "BUNDLE", "ssrc", "msid", ".local",
        ];
        foreach (var part in gone) text.ShouldNotContain(part);
    }

    [Fact]
    public void Sdp_ForASecureTelephone_KeepsItsKeys()
    {
        var text = Write(Rewritten(BrowserSdp.Offer(), SrtpLocal.Make()), default);
        text.ShouldContain("m=audio 30000 RTP/SAVP 111 0 8 126\r\n");
        text.Split("a=crypto:").Length.ShouldBe(7);
    }

    [Fact]
    public void Answer_ForABrowser_HasWhatItAskedFor()
    {
        var offer = BrowserSdp.Parse(BrowserSdp.Offer(more: BrowserSdp.Video));
        var terms = DtlsLocal.Answer(offer.ReadDtls(), offer.ReadDtlsForm(), default, default);
        var answer = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
            + "m=audio 4000 RTP/AVP 0\r\na=rtcp:4009\r\na=rtcp-mux\r\na=sendrecv\r\nm=image 0 udptl t38\r\n";
        var text = Write(Rewritten(answer), terms, isAlone: true);
        text.ShouldContain("t=0 0\r\na=group:BUNDLE 0\r\na=ice-lite\r\nm=audio 30000 UDP/TLS/RTP/SAVPF 0\r\n");
        text.ShouldContain("a=mid:0\r\na=rtcp-mux\r\na=setup:passive\r\na=fingerprint:sha-256 ");
        text.ShouldContain(
            "a=candidate:1 1 UDP 2130706431 192.0.2.10 30000 typ host\r\na=end-of-candidates\r\nm=video 0 ");
        text.ShouldNotContain("m=image");
        text.ShouldContain("a=ice-ufrag:" + Encoding.ASCII.GetString(terms.Ice.Fragment) + "\r\n");
        text.ShouldContain("a=ice-pwd:" + Encoding.ASCII.GetString(terms.Ice.Password) + "\r\n");
        text.Split("a=rtcp").Length.ShouldBe(2);
        var back = BrowserSdp.Parse(text);
        (back.ReadDtls().Fingerprint == Ours, back.Audio.RtcpMux, back.MediaCount).ShouldBe((true, true, 2));
    }

    // A browser refuses an answer with streams in another order, or fewer of them, whatever the telephone answers.
    [Theory]
    [InlineData("m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n", "", "video audio")]
    [InlineData("", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n", "audio application")]
    [InlineData("m=text 9 X/Y 1\r\n", "m=strange 9 X/Y 1\r\n", "text audio application")]
    public void Answer_ForABrowser_NamesItsStreamsInItsOrder(string before, string behind, string kinds)
    {
        var offer = BrowserSdp.Parse(BrowserSdp.Offer(more: behind).Replace("m=audio", before + "m=audio"));
        var terms = DtlsLocal.Answer(offer.ReadDtls(), offer.ReadDtlsForm(), default, default);
        terms.HasOwnStreams.ShouldBeTrue();
        var answer = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
            + "m=audio 4000 RTP/AVP 0\r\n";
        var back = BrowserSdp.Parse(Write(Rewritten(answer), terms, isAlone: true));
        Enumerable.Range(0, back.MediaCount).Select(i => Encoding.ASCII.GetString(back.MediaType(i)))
            .ShouldBe(kinds.Split(' '));
        Enumerable.Range(0, back.MediaCount).Count(i => back.Media(i).Port != 0).ShouldBe(1);
        terms.AsOffer().HasOwnStreams.ShouldBe(back.MediaCount > 1);
    }

    [Fact]
    public void Offer_ForABrowser_LeavesToItWhoBegins()
    {
        var offer = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
            + "m=audio 4000 RTP/AVP 0 8\r\n";
        var text = Write(Rewritten(offer), DtlsLocal.Offer());
        text.ShouldContain("m=audio 30000 UDP/TLS/RTP/SAVPF 0 8\r\na=mid:0\r\na=rtcp-mux\r\na=setup:actpass\r\n");
        text.ShouldContain("a=group:BUNDLE 0\r\na=ice-lite\r\n");
    }

    [Fact]
    public void Answer_ToATelephoneWithoutIce_HasNone()
    {
        var offer = Changed("a=ice-ufrag:Qx7f\r\n", "");
        var terms = DtlsLocal.Answer(offer.ReadDtls(), offer.ReadDtlsForm(), default, default);
        var text = Write(Rewritten(BrowserSdp.Offer()), terms);
        text.ShouldNotContain("ice-");
        text.ShouldNotContain("candidate");
    }

    [Fact]
    public void Destination_TooShort_IsSaidSo()
    {
        var view = BrowserSdp.Parse(Rewritten(BrowserSdp.Offer()));
        var local = RelayHarness.Endpoint("192.0.2.10", 30_000);
        var whole = Write(Rewritten(BrowserSdp.Offer()), DtlsLocal.Offer()).Length;
        for (var room = 0; room < whole; room++)
        {
            SdpDtlsWriter.TryWrite(view, local, DtlsLocal.Offer(), false, Ours, new byte[room], out var length)
                .ShouldBeFalse();
            length.ShouldBe(0);
        }
    }

    [Fact]
    public void Offer_WithAnyBytesChanged_IsReadOrNot()
    {
        var offer = Encoding.ASCII.GetBytes(BrowserSdp.Offer(more: BrowserSdp.Video));
        var random = new Random(5);
        var view = new SdpView();
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var changed = offer.ToArray();
            for (var n = 0; n < 12; n++) changed[random.Next(changed.Length)] = (byte)random.Next(32, 127);
            var length = random.Next(offer.Length / 2, offer.Length);
            if (view.Parse(changed.AsSpan(0, length)) != SdpParseResult.Ok) continue;
            _ = view.ReadDtlsForm();
            if (view.ReadDtls().IsNone) refused++;
            else read++;
        }
        read.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(100);
    }

    private static SdpView Changed(string part, string instead) =>
        BrowserSdp.Parse(BrowserSdp.Offer().Replace(part, instead, StringComparison.Ordinal));

    private static string Rewritten(string text, SrtpLocal keys = default)
    {
        var view = BrowserSdp.Parse(text);
        var destination = new byte[8192];
        var origin = new SdpOrigin(1);
        SdpRewriter.Write(
            view, RelayHarness.Endpoint("192.0.2.10", 30_000), keys, ref origin, destination, out var length)
            .ShouldBe(SdpRewriteResult.Ok);
        return Encoding.ASCII.GetString(destination, 0, length);
    }

    private static string Write(string rewritten, DtlsLocal terms, bool isAlone = false)
    {
        var destination = new byte[8192];
        var local = RelayHarness.Endpoint("192.0.2.10", 30_000);
        SdpDtlsWriter.TryWrite(BrowserSdp.Parse(rewritten), local, terms, isAlone, Ours, destination, out var length)
            .ShouldBeTrue();
        return Encoding.ASCII.GetString(destination, 0, length);
    }
}
