using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>Every prefix and many mutations of the golden files, against the oracle; and no address of the sender
/// leaves.</summary>
public sealed class SdpFuzzTests
{
    private static readonly string[] Splices =
    [
        "c=IN IP4 10.66.66.66\r\n", "c=IN IP6 ::\r\n", "m=audio 0 RTP/AVP 0\r\n", "a=inactive\r\n", "a=rtcp-mux\r\n",
        "a=candidate:1 1 UDP 1 10.66.66.67 9 typ host\r\n", "m=audio 7000 rtp/avp 8\r\n", "a=note:10.66.66.68\r\n",
        "\r", "\n", "\0", "=", "/", "::", "10.66.66.69", "2001:db8::66", "99999", " ", "m=",
        "a=rtcp:9 IN IP4 10.66.66.70\r\n",
    ];

    private readonly SdpView _view = new();
    private readonly byte[] _output = new byte[SdpView.BytesMax + 512];

    [Fact]
    public void Parse_OfEveryPrefix_AgreesWithTheOracle()
    {
        foreach (var name in GoldenFile.Inputs())
        {
            var sdp = GoldenFile.Read(name);
            for (var length = 0; length <= sdp.Length; length++) Check(sdp[..length], $"{name}, first {length}");
        }
    }

    [Fact]
    public void Parse_OfMutations_AgreesWithTheOracleAndLeaksNoAddress()
    {
        const int Seed = 8866;
        var random = new Random(Seed);
        var inputs = GoldenFile.Inputs().Select(GoldenFile.Read).ToArray();
        var usable = 0;
        for (var run = 0; run < 8_000; run++)
        {
            var sdp = inputs[random.Next(inputs.Length)].ToList();
            for (var i = random.Next(1, 5); i > 0; i--) Mutate(sdp, random);
            if (Check([.. sdp], $"seed {Seed}, run {run}")) usable++;
        }
        usable.ShouldBeInRange(1500, 7500, "both outcomes must be reached often");
    }

    private static void Mutate(List<byte> sdp, Random random)
    {
        var at = random.Next(sdp.Count);
        switch (random.Next(5))
        {
            case 0:
                sdp[at] = (byte)random.Next(256);
                break;
            case 1:
                sdp.RemoveRange(at, Math.Min(random.Next(1, 12), sdp.Count - at));
                if (sdp.Count == 0) sdp.Add((byte)'v');
                break;
            case 2:
                sdp.InsertRange(at, sdp.GetRange(at, Math.Min(random.Next(40), sdp.Count - at)));
                break;
            case 3:
                sdp.InsertRange(at, Encoding.Latin1.GetBytes(Splices[random.Next(Splices.Length)]));
                break;
            default:
                var line = sdp.FindIndex(at, octet => octet == '\n') + 1;
                sdp.InsertRange(line, Encoding.Latin1.GetBytes(Splices[random.Next(Splices.Length)]));
                break;
        }
    }

    private bool Check(byte[] sdp, string what)
    {
        what = $"{what}: {Regex.Escape(Encoding.Latin1.GetString(sdp))}";
        var result = _view.Parse(sdp);
        (result == SdpParseResult.Ok ? Describe(_view) : null).ShouldBe(ReferenceSdp.Read(sdp), what);
        var origin = new SdpOrigin(4711);
        var local = RelayHarness.Endpoint("192.0.2.10", 30_000);
        var written = SdpRewriter.Write(_view, local, ref origin, _output, out var length);
        written.ShouldBe(result == SdpParseResult.Ok ? SdpRewriteResult.Ok : SdpRewriteResult.NotUsable, what);
        if (written != SdpRewriteResult.Ok) return false;
        CheckOutput(_output[..length], _view, what);
        return true;
    }

    // What we write must itself be an SDP that relays our address, with as many streams, and hold no other address.
    private static void CheckOutput(byte[] output, SdpView source, string what)
    {
        var again = new SdpView();
        again.Parse(output).ShouldBe(SdpParseResult.Ok, what);
        Describe(again)[2..].ShouldStartWith("192.0.2.10 30000 ", Case.Sensitive, what);
        (again.MediaCount, again.AudioIndex).ShouldBe((source.MediaCount, source.AudioIndex), what);
        again.Audio.Direction.ShouldBe(source.Audio.Direction, what);
        var text = Encoding.Latin1.GetString(output);
        foreach (var candidate in Regex.Matches(text, "[0-9a-fA-F:.]{3,}").Select(match => match.Value.Trim('.')))
        {
            if (candidate.Count(c => c == '.') < 3 && candidate.Count(c => c == ':') < 2) continue;
            if (!IPAddress.TryParse(candidate, out _)) continue;
            candidate.ShouldBe("192.0.2.10", what);
        }
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
