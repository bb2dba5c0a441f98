using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Core.Net;
using CallTracker.Media.Codecs;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Sdp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>
/// SDP: the reading against the reference, the rewritten SDP read again, and no address in it but ours. One thread.
/// </summary>
internal sealed class SdpFuzzTarget : IFuzzTarget
{
    private static readonly IpEndpoint Local = IpEndpoint.FromIpv4(0xC000_020A, 30_000);
    private static readonly AudioTerms Offerer =
        new(default(AudioFormats).With(AudioCodec.Pcma, 8).With(AudioCodec.Event8, 101), 20);
    private readonly SdpView _view = new();
    private readonly SdpView _again = new();
    private readonly byte[] _output = new byte[SdpView.BytesMax + 1024];

    public string Name => "Sdp";

    public IReadOnlyList<string> Pieces { get; } =
    [
        "c=IN IP4 10.66.66.66\r\n", "c=IN IP6 ::\r\n", "m=audio 0 RTP/AVP 0\r\n", "a=inactive\r\n", "a=rtcp-mux\r\n",
        "a=candidate:1 1 UDP 1 10.66.66.67 9 typ host\r\n", "m=audio 7000 rtp/avp 8\r\n", "a=note:10.66.66.68\r\n",
        "\r", "\n", "\0", "=", "/", "::", "10.66.66.69", "2001:db8::66", "99999", " ", "m=", "c=IN IP4 0.0.0.0\r\n",
        "a=rtcp:9 IN IP4 10.66.66.70\r\n", "m=video 6000 RTP/AVP 96\r\n", "a=sendonly\r\n", "::ffff:10.66.66.71",
        "m=image 5000 udptl t38\r\n", "t=0 0\r\n", "v=0\r\n", "a=fmtp:101 0-16\r\n", "b=AS:64\r\n", "/127", "/2",
        "a=rtpmap:96 opus/48000/2\r\n", "a=rtpmap:97 G722/8000\r\n", " 96 97 9 101", "a=rtpmap:8 L16/16000\r\n",
    ];

    public bool Run(byte[] input)
    {
        var result = _view.Parse(input);
        var read = result == SdpParseResult.Ok ? Describe(_view) : null;
        var reference = ReferenceSdp.Read(input);
        if (read != reference) throw new FuzzException($"Read as {result} {read}, by the reference {reference}");
        var origin = new SdpOrigin(4711);
        var written = SdpRewriter.Write(_view, Local, ref origin, _output, out var length);
        var expected = result == SdpParseResult.Ok ? SdpRewriteResult.Ok : SdpRewriteResult.NotUsable;
        if (written != expected) throw new FuzzException($"Written {written} of what reads as {result}");
        if (written != SdpRewriteResult.Ok) return false;
        CheckOutput(_output[..length]);
        CheckConverted();
        return true;
    }

    private void CheckOutput(byte[] output)
    {
        var text = Encoding.Latin1.GetString(output);
        var result = _again.Parse(output);
        var isOurs = result == SdpParseResult.Ok
            && Describe(_again)[2..].StartsWith("192.0.2.10 30000 ", StringComparison.Ordinal)
            && _again.MediaCount == _view.MediaCount && _again.AudioIndex == _view.AudioIndex
            && _again.Audio.Direction == _view.Audio.Direction;
        if (!isOurs) throw new FuzzException($"What was written reads as {result}:\n{text}");
        foreach (Match match in Regex.Matches(text, "[0-9a-fA-F:.]{3,}"))
        {
            var candidate = match.Value.Trim('.');
            if (candidate.Count(c => c == '.') < 3 && candidate.Count(c => c == ':') < 2) continue;
            if (IPAddress.TryParse(candidate, out _) && candidate != "192.0.2.10")
                throw new FuzzException($"{candidate} got out:\n{text}");
        }
    }

    // An offer with more codecs still names all it named, and an answer is one that its offerer understands.
    private void CheckConverted()
    {
        var before = AudioTerms.Of(_view).Formats;
        if (ConvertedSdp.WriteOffer(_view, default, _output, out var length) == CodecFilterResult.Reduced)
        {
            var result = _again.Parse(_output.AsSpan(0, length));
            var after = result == SdpParseResult.Ok ? AudioTerms.Of(_again).Formats : default;
            for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.Event48; codec++)
            {
                if (before.Has(codec) && after.TypeOf(codec) != before.TypeOf(codec))
                    throw new FuzzException($"{codec} is lost:\n{Encoding.Latin1.GetString(_output, 0, length)}");
            }
        }
        if (!ConvertedSdp.TryWriteAnswer(_view, Offerer, _output, out length)) return;
        var isUnderstood = _again.Parse(_output.AsSpan(0, length)) == SdpParseResult.Ok
            && !AudioTerms.Of(_again).NeedsConversionFor(Offerer);
        if (!isUnderstood) throw new FuzzException($"No answer:\n{Encoding.Latin1.GetString(_output, 0, length)}");
    }

    private static string Describe(SdpView view)
    {
        Span<byte> text = stackalloc byte[64];
        var audio = view.Audio;
        var length = audio.Rtp.FormatAddress(text);
        var address = IPAddress.Parse(Encoding.ASCII.GetString(text[..length]));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{view.AudioIndex} {address} {audio.Port} {audio.Direction} {audio.RtcpMux}").ToLowerInvariant();
    }
}
