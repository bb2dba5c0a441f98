using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Rtp;

/// <summary>The RTP header against RFC 3550 section 5.1, byte by byte.</summary>
public sealed class RtpHeaderTests
{
    [Fact]
    public void Parse_OfAPlainPacket_ReadsEachField()
    {
        byte[] packet = [0x80, 0xe5, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 9, 9];
        RtpHeader.Parse(packet, paddingReadable: true, out var header).ShouldBe(RtpParseResult.Ok);
        (header.Marker, header.PayloadType, header.Sequence).ShouldBe((true, (byte)101, (ushort)0x1234));
        (header.Timestamp, header.Ssrc).ShouldBe((0x0102_0304u, 0xaabb_ccddu));
        (header.HeaderLength, header.PaddingLength).ShouldBe((12, 0));
    }

    [Fact]
    public void Parse_WithSourcesAndExtension_FindsThePayload()
    {
        byte[] packet = [0x92, 0, 0, 1, .. new byte[8], .. new byte[8], 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 77];
        RtpHeader.Parse(packet, paddingReadable: true, out var header).ShouldBe(RtpParseResult.Ok);
        packet[header.HeaderLength].ShouldBe((byte)77);
    }

    [Theory]
    [InlineData(0xa0, 2, true, RtpParseResult.Ok, 2)]
    [InlineData(0xa0, 0, true, RtpParseResult.BadPadding, 0)]
    [InlineData(0xa0, 5, true, RtpParseResult.BadPadding, 0)]
    [InlineData(0xa0, 255, false, RtpParseResult.Ok, 0)]
    public void Parse_OfPadding_BelievesTheCountOnlyWhenReadable(
        byte first, byte last, bool readable, RtpParseResult result, int padding)
    {
        byte[] packet = [first, 0, 0, 1, .. new byte[8], 1, 2, 3, last];
        RtpHeader.Parse(packet, readable, out var header).ShouldBe(result);
        header.PaddingLength.ShouldBe(padding);
    }

    [Fact]
    public void Parse_OfEveryPrefix_NeverReadsBeyondTheEnd()
    {
        byte[] packet = [0xb2, 0, 0, 1, .. new byte[8], .. new byte[8], 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 77, 0, 0, 3];
        for (var length = 0; length < packet.Length; length++)
        {
            var result = RtpHeader.Parse(packet.AsSpan(0, length), paddingReadable: false, out var header);
            if (length < 12) result.ShouldBe(RtpParseResult.TooShort);
            else if (length < 20) result.ShouldBe(RtpParseResult.SourcesBeyondEnd);
            else if (length < 28) result.ShouldBe(RtpParseResult.ExtensionBeyondEnd);
            else header.HeaderLength.ShouldBe(28);
        }
    }

    [Fact]
    public void Parse_OfRandomBytes_AgreesWithTheRulesOfTheRfc()
    {
        var random = new Random(3550);
        var buffer = new byte[64];
        var ok = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var packet = buffer.AsSpan(0, random.Next(buffer.Length + 1));
            random.NextBytes(packet);
            if (packet.Length > 15 && random.Next(2) == 0)
            {
                packet[0] = (byte)(0x80 | random.Next(64));
                packet[14] = 0;
                packet[15] &= 7;
            }
            var result = RtpHeader.Parse(packet, paddingReadable: true, out var header);
            (result == RtpParseResult.Ok).ShouldBe(IsRtp(packet, out var headerLength), $"packet {i}");
            if (result != RtpParseResult.Ok) continue;
            ok++;
            header.HeaderLength.ShouldBe(headerLength);
        }
        ok.ShouldBeGreaterThan(1000, "the generator must reach the good case too");
    }

    [Theory]
    [InlineData(new byte[0], MediaPacketKind.Empty)]
    [InlineData(new byte[] { 0, 1 }, MediaPacketKind.Stun)]
    [InlineData(new byte[] { 3 }, MediaPacketKind.Stun)]
    [InlineData(new byte[] { 4 }, MediaPacketKind.Other)]
    [InlineData(new byte[] { 19 }, MediaPacketKind.Other)]
    [InlineData(new byte[] { 20 }, MediaPacketKind.Dtls)]
    [InlineData(new byte[] { 63 }, MediaPacketKind.Dtls)]
    [InlineData(new byte[] { 64 }, MediaPacketKind.Other)]
    [InlineData(new byte[] { 127, 200 }, MediaPacketKind.Other)]
    [InlineData(new byte[] { 128 }, MediaPacketKind.Rtp)]
    [InlineData(new byte[] { 128, 191 }, MediaPacketKind.Rtp)]
    [InlineData(new byte[] { 128, 192 }, MediaPacketKind.Rtcp)]
    [InlineData(new byte[] { 191, 223 }, MediaPacketKind.Rtcp)]
    [InlineData(new byte[] { 128, 224 }, MediaPacketKind.Rtp)]
    [InlineData(new byte[] { 192, 0 }, MediaPacketKind.Other)]
    public void Classify_ByFirstBytes_FollowsTheTableOfRfc7983(byte[] datagram, MediaPacketKind kind) =>
        MediaDemux.Classify(datagram).ShouldBe(kind);

    [Fact]
    public void IsWholeRtcp_OfEveryPrefix_WantsTheLengthTheHeaderPromises()
    {
        var report = Packets.Rtcp();
        for (var length = 0; length < report.Length; length++)
            MediaDemux.IsWholeRtcp(report.AsSpan(0, length)).ShouldBeFalse();
        MediaDemux.IsWholeRtcp(report).ShouldBeTrue();
        MediaDemux.IsWholeRtcp(Packets.Rtp(1)).ShouldBeFalse();
    }

    // A second reading of RFC 3550, slow and in other words.
    private static bool IsRtp(ReadOnlySpan<byte> packet, out int headerLength)
    {
        headerLength = 0;
        if (packet.Length < 12 || (packet[0] & 0xc0) != 0x80) return false;
        headerLength = 12 + (4 * (packet[0] % 16));
        var hasExtension = packet[0] / 16 % 2 == 1;
        if (hasExtension && headerLength + 4 > packet.Length) return false;
        if (hasExtension) headerLength += 4 * (1 + (packet[headerLength + 2] * 256) + packet[headerLength + 3]);
        if (headerLength > packet.Length) return false;
        if (packet[0] / 32 % 2 == 0) return true;
        return packet[^1] != 0 && packet[^1] <= packet.Length - headerLength;
    }
}
