using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Tests.Codecs;
using CallTracker.Media.Transcoding;
using static CallTracker.Media.Tests.Transcoding.ConverterKit;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>Reports that pass a converter speak of the streams that their reader sees.</summary>
public sealed class ConvertedRtcpTests
{
    private const uint BackSource = 0x99;

    [Fact]
    public void SenderReport_OfTheSource_IsOfOurStream()
    {
        using var forth = Forth();
        var report = Packet(200, 28, count: 0, forth.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(16), forth.Timestamp + 800);
        ConvertedRtcp.Translate(report, forth.Converter, forth.Converter);
        Word(report, 4).ShouldBe(OwnSsrc);
        (Word(report, 16) - forth.Out[^1].Header.Timestamp).ShouldBe(960u + 4800);
        (Word(report, 20), Word(report, 24)).ShouldBe((5u, (uint)forth.Out.Sum(p => p.Payload.Length)));
    }

    [Fact]
    public void ReceptionReport_OfOurStream_IsOfTheSource()
    {
        using var forth = Forth();
        using var back = new ConverterKit(Terms(AudioCodec.Opus), Terms(AudioCodec.Pcma)) { Ssrc = BackSource };
        back.Speak(AudioCodec.Opus, Signals.Sine(16_000, 500, 40));
        var report = Packet(201, 32, count: 1, forth.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), OwnSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(20), 80);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(24), 0xdead_beef);
        ConvertedRtcp.Translate(report, forth.Converter, back.Converter);
        (Word(report, 4), Word(report, 8)).ShouldBe((OwnSsrc, BackSource));
        (Word(report, 20), Word(report, 24)).ShouldBe((480u, 0xdead_beef));
    }

    [Fact]
    public void Compound_WithNamesAndGoodbye_IsTranslatedThroughout()
    {
        using var forth = Forth();
        byte[] compound =
        [
            .. Packet(201, 8, 0, forth.Ssrc), .. Packet(202, 16, 1, forth.Ssrc), .. Packet(203, 8, 1, forth.Ssrc),
            .. Packet(203, 8, 1, 0x4242),
        ];
        ConvertedRtcp.Translate(compound, forth.Converter, forth.Converter);
        (Word(compound, 4), Word(compound, 12), Word(compound, 28), Word(compound, 36))
            .ShouldBe((OwnSsrc, OwnSsrc, OwnSsrc, 0x4242u));
    }

    [Fact]
    public void Reports_OfRandomBytes_NeverThrow()
    {
        using var forth = Forth();
        var random = new Random(41);
        for (var i = 0; i < 20_000; i++)
        {
            var datagram = new byte[random.Next(0, 100)];
            random.NextBytes(datagram);
            if (datagram.Length > 4) (datagram[0], datagram[1]) = ((byte)(0x80 | i), (byte)(200 + (i % 8)));
            if (datagram.Length > 4) (datagram[2], datagram[3]) = (0, (byte)random.Next(30));
            ConvertedRtcp.Translate(datagram, forth.Converter, forth.Converter);
        }
    }

    private static ConverterKit Forth()
    {
        var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Opus));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        return kit;
    }

    private static byte[] Packet(byte type, int length, int count, uint ssrc)
    {
        var packet = new byte[length];
        (packet[0], packet[1], packet[3]) = ((byte)(0x80 | count), type, (byte)((length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }

    private static uint Word(byte[] packet, int at) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(at));
}
