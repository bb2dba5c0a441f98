using CallTracker.Media.Rtp;

namespace CallTracker.Media.Tests.Quality;

/// <summary>
/// Our statistics and tshark's on the same packets at the same times. What differs by definition: tshark takes each
/// duplicate for one loss less and for a packet that jitters, which we do not; and it keeps jitter in floating point,
/// where RFC 3550 appendix A.8 has integers.
/// </summary>
public sealed class TsharkTests
{
    // Static payload types (RFC 3551), because only of those tshark knows the clock without an SDP.
    private static readonly (byte Type, int ClockRateHz)[] s_clocks =
        [(0, 8000), (6, 16_000), (10, 44_100), (14, 90_000)];
    private static readonly string[] s_troubles =
        ["", "jitter", "loss", "reorder", "double", "burst", "jitter loss", "jitter reorder", "jitter double",
            "jitter loss reorder double burst"];

    [Fact]
    public async Task Statistics_OfTheSameCaptures_AgreeWithTsharks()
    {
        if (!Tshark.IsPresent) Assert.Skip("tshark is not installed");
        var streams = new List<CaptureStream>();
        foreach (var (type, clockRateHz) in s_clocks)
        {
            foreach (var troubles in s_troubles)
            {
                var number = streams.Count;
                streams.Add(new CaptureStream(0x5100_0000U + (uint)number, type, clockRateHz, troubles, 100 + number));
            }
        }
        var theirs = await Tshark.AnalyseAsync(streams);
        theirs.Count.ShouldBe(streams.Count);
        foreach (var stream in streams) Compare(stream, theirs[stream.Ssrc]);
        theirs.Values.Max(t => t.Lost).ShouldBeGreaterThan(80, "the control: there was loss");
        theirs.Values.Max(t => t.JitterMsMax).ShouldBeGreaterThan(5, "and jitter");
    }

    private static void Compare(CaptureStream stream, TsharkStream theirs)
    {
        var ours = default(RtpReceiveStats);
        foreach (var (atMs, packet) in stream.Packets)
        {
            RtpHeader.Parse(packet, paddingReadable: false, out var header).ShouldBe(RtpParseResult.Ok);
            ours.Add(header, packet.Length, stream.ClockRateHz, atMs);
        }
        var name = $"{stream.ClockRateHz} Hz, {stream.Troubles}";
        ours.Packets.ShouldBe((ulong)theirs.Packets, name);
        ((long)ours.Lost - (long)ours.Duplicates).ShouldBe(theirs.Lost, name);
        ((double)ours.GapMsMax).ShouldBe(theirs.DeltaMsMax, 0.001, name);
        var toleranceMs = stream.Has("double") ? 0.5 : 0.15;
        (ours.JitterUsMax / 1000.0).ShouldBe(theirs.JitterMsMax, toleranceMs, name);
        (ours.JitterUsMean / 1000.0).ShouldBe(theirs.JitterMsMean, toleranceMs, name);
        (ours.Duplicates > 0).ShouldBe(stream.Has("double"), name);
        (ours.Reordered > 0).ShouldBe(stream.Has("reorder"), name);
    }
}
