using System.Text;
using CallTracker.Media.Codecs;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>What offers name beside their own codecs, and what becomes of the answers.</summary>
public sealed class ConvertedSdpTests
{
    private const string Maps = "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:9 G722/8000\r\n"
        + "a=rtpmap:18 G729/8000\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 stereo=1\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=rtpmap:102 telephone-event/48000\r\n";

    [Theory]
    [InlineData("0 101", "", "0 101 8 9 96 97")]
    [InlineData("0", "", "0 8 9 96")]
    [InlineData("96 102", "", "96 102 0 8 9 97")]
    [InlineData("0 101", "opus,pcma,pcmu", "0 101 96 8 97")]
    [InlineData("0 8 101", "g722", "101 9")]
    [InlineData("0 8 101", "pcma", "8 101")]
    [InlineData("0", "l16", "96 97")]
    [InlineData("18 101", "", "18 101")]
    [InlineData("18 0 101", "opus", "101 96 97")]
    public void Offer_ForATrunk_HasItsOwnCodecsAndThenOurs(string formats, string allowed, string expected)
    {
        var written = Offer(formats, Names(allowed.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        Formats(written).ShouldBe(expected);
        foreach (var type in expected.Split(' ').Where(t => int.Parse(t) > 95))
            written.Split($"a=rtpmap:{type} ").Length.ShouldBe(2, $"{type} is described once");
    }

    [Fact]
    public void Offer_WithoutACodecOfOurs_IsTheFilteredOne()
    {
        var view = Parse("18");
        ConvertedSdp.WriteOffer(view, Names("pcmu"), new byte[2048], out _).ShouldBe(CodecFilterResult.NoneLeft);
        ConvertedSdp.WriteOffer(view, Names("g729"), new byte[2048], out _).ShouldBe(CodecFilterResult.AllKept);
        ConvertedSdp.WriteOffer(Parse("0 101"), Names("g729"), new byte[2048], out _)
            .ShouldBe(CodecFilterResult.NoneLeft);
        ConvertedSdp.WriteOffer(Parse("0 101"), Names("pcmu"), new byte[2048], out _)
            .ShouldBe(CodecFilterResult.AllKept);
    }

    [Theory]
    [InlineData("0 101", "9 101", "0 101")]
    [InlineData("0 101", "96 102", "0 101")]
    [InlineData("0", "96 102", "0")]
    [InlineData("8 0 101", "96", "8")]
    [InlineData("96 102", "0 101", "96 102")]
    [InlineData("0 101", "9 0 101", "0 101")]
    [InlineData("18 0 101", "18 96 101", "18 101")]
    public void Answer_WithWhatTheOffererLacks_NamesOneOfItsOwn(string offered, string answered, string expected)
    {
        var offerer = AudioTerms.Of(Parse(offered));
        var view = Parse(answered);
        var destination = new byte[2048];
        ConvertedSdp.TryWriteAnswer(view, offerer, destination, out var length).ShouldBeTrue();
        var written = Encoding.ASCII.GetString(destination, 0, length);
        Formats(written).ShouldBe(expected);
        var again = new SdpView();
        again.Parse(destination.AsSpan(0, length)).ShouldBeOk();
        AudioTerms.Of(again).NeedsConversionFor(offerer).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0 8 101", "8 101")]
    [InlineData("0 18", "18")]
    [InlineData("96 0", "0")]
    public void Answer_WithTheOfferersCodecs_NeedsNothing(string offered, string answered)
    {
        var offerer = AudioTerms.Of(Parse(offered));
        ConvertedSdp.TryWriteAnswer(Parse(answered), offerer, new byte[2048], out _).ShouldBeFalse();
        AudioTerms.Of(Parse(answered)).NeedsConversionFor(offerer).ShouldBeFalse();
    }

    [Fact]
    public void Destination_TooSmall_IsToldAndNotOverrun()
    {
        var view = Parse("0 101");
        for (var room = 0; room < 300; room += 7)
        {
            ConvertedSdp.WriteOffer(view, default, new byte[room], out var length)
                .ShouldBe(CodecFilterResult.Overflow);
            length.ShouldBe(0);
        }
    }

    [Fact]
    public void Formats_OfAnSdp_AreReadInTheirOrder()
    {
        var formats = AudioTerms.Of(Parse("18 96 0 101")).Formats;
        (formats.First, formats.HasOthers).ShouldBe((AudioCodec.Opus, true));
        (formats.TypeOf(AudioCodec.Opus), formats.TypeOf(AudioCodec.Event8)).ShouldBe((96, 101));
        formats.TypeOf(AudioCodec.Pcma).ShouldBe(-1);
        AudioTerms.Of(Parse("101")).Formats.HasOthers.ShouldBeFalse();
    }

    [Fact]
    public void OffersAndAnswers_AfterWarmUp_AllocateNothing()
    {
        var (offer, answer, destination, names) = (Parse("0 101"), Parse("96 102"), new byte[2048], Names("opus"));
        void Run()
        {
            ConvertedSdp.WriteOffer(offer, names, destination, out _);
            ConvertedSdp.TryWriteAnswer(answer, AudioTerms.Of(offer), destination, out _);
        }
        for (var i = 0; i < 50; i++) Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static byte[][] Names(params string[] names) => [.. names.Select(Encoding.ASCII.GetBytes)];

    private static string Offer(string formats, byte[][] allowed)
    {
        var destination = new byte[4096];
        ConvertedSdp.WriteOffer(Parse(formats), allowed, destination, out var length);
        var written = length == 0 ? Text(formats) : Encoding.ASCII.GetString(destination, 0, length);
        new SdpView().Parse(Encoding.ASCII.GetBytes(written)).ShouldBeOk();
        return written;
    }

    private static string Formats(string sdp)
    {
        var line = sdp.Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal));
        return line[(line.IndexOf("RTP/AVP ", StringComparison.Ordinal) + 8)..];
    }

    private static SdpView Parse(string formats)
    {
        var view = new SdpView();
        view.Parse(Encoding.ASCII.GetBytes(Text(formats))).ShouldBeOk();
        return view;
    }

    private static string Text(string formats) =>
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        + $"m=audio 4000 RTP/AVP {formats}\r\n{Maps}a=ptime:20\r\nm=video 0 RTP/AVP 31\r\n";
}
