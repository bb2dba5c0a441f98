using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using CallTracker.Core.Net;
using CallTracker.Media.Codecs;
using CallTracker.Media.Relay;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Srtp;
using CallTracker.Media.Tests.Support;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>Converted calls on real sockets: bound, end, keys, and no bytes for a packet.</summary>
public sealed class TranscodeRelayTests
{
    private static readonly AudioTerms Pcmu = ConverterKit.Terms(AudioCodec.Pcmu);
    private static readonly AudioTerms G722 = ConverterKit.Terms(AudioCodec.G722);
    private static readonly AudioTerms Opus = ConverterKit.Terms(AudioCodec.Opus);

    [Fact]
    public void Packets_OfAConvertedCall_ComeInTheOthersCodec()
    {
        using var line = new Line();
        line.Relay.TrySetConversion(line.Session, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        var first = line.Carry(line.A, line.B, Line.Packet(0, 1, 160));
        var second = line.Carry(line.A, line.B, Line.Packet(0, 2, 160));
        (first.Length, first[1], second[1]).ShouldBe((172, (byte)0x89, (byte)9));
        line.Carry(line.B, line.A, Line.Packet(9, 1, 160))[1].ShouldBe((byte)0x80);
        var totals = line.Harness.Totals(line.Session, MediaSide.A);
        (totals.Packets, totals.Relayed, totals.RelayedBytes).ShouldBe((2ul, 2ul, 344ul));
    }

    [Fact]
    public void Packet_ThatCannotBeConverted_IsDroppedAndCounted()
    {
        using var line = new Line();
        line.Relay.TrySetConversion(line.Session, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        line.A.Send(line.Harness.Local(line.Session, MediaSide.A), Line.Packet(77, 1, 160));
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.NotConverted) == 1);
        line.Harness.Totals(line.Session, MediaSide.A).Relayed.ShouldBe(0ul);
    }

    [Fact]
    public void Padding_OfAPacket_IsNotTakenForAudio()
    {
        using var line = new Line();
        line.Relay.TrySetConversion(line.Session, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        var packet = Line.Packet(0, 1, 168);
        (packet[0], packet[^1]) = (0xa0, 8);
        line.Carry(line.A, line.B, packet).Length.ShouldBe(172);
        var bad = Line.Packet(0, 2, 160);
        (bad[0], bad[^1]) = (0xa0, 255);
        line.A.Send(line.Harness.Local(line.Session, MediaSide.A), bad);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.NotConverted) == 1);
    }

    [Fact]
    public void Calls_BeyondTheBound_AreRefusedUntilOneEnds()
    {
        using var line = new Line(new TranscodeBudget(1));
        var second = line.Harness.OpenBetween(line.A, line.B);
        line.Relay.CanConvert(second).ShouldBeTrue();
        line.Relay.TrySetConversion(line.Session, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        line.Relay.TrySetConversion(line.Session, Pcmu, Opus, isNeeded: true).ShouldBeTrue();
        line.Relay.Transcodes.Now.ShouldBe(1);
        line.Relay.CanConvert(second).ShouldBeFalse();
        line.Relay.CanConvert(line.Session).ShouldBeTrue();
        line.Relay.TrySetConversion(second, Pcmu, G722, isNeeded: true).ShouldBeFalse();
        line.Relay.TrySetConversion(second, Pcmu, Pcmu, isNeeded: false).ShouldBeTrue();
        line.Relay.Close(line.Session, out _, out _);
        line.Relay.Transcodes.Now.ShouldBe(0);
        line.Relay.TrySetConversion(second, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        line.Relay.TryRenew(second, MediaSide.B, out _).ShouldBeTrue();
        line.Relay.Transcodes.Now.ShouldBe(0);
    }

    [Fact]
    public void Call_NoLongerConverted_IsRelayedByteForByte()
    {
        using var line = new Line();
        line.Relay.TrySetConversion(line.Session, Pcmu, G722, isNeeded: true).ShouldBeTrue();
        line.Carry(line.A, line.B, Line.Packet(0, 1, 160));
        line.Relay.TrySetConversion(line.Session, Pcmu, Pcmu, isNeeded: false).ShouldBeTrue();
        var packet = Line.Packet(0, 2, 160);
        line.Carry(line.A, line.B, packet).ShouldBe(packet);
        line.Relay.Transcodes.Now.ShouldBe(0);
    }

    [Fact]
    public void Sides_WithKeys_AreOpenedConvertedAndSealed()
    {
        using var line = new Line();
        const SrtpSuite Suite = SrtpSuite.Aead128Gcm;
        var (fromCaller, toShop) = (SrtpKit.MasterOf(Suite, 1), SrtpKit.MasterOf(Suite, 3));
        using var caller = new LibSrtp(fromCaller, sends: true);
        using var shop = new LibSrtp(toShop, sends: false);
        line.Relay.SetKeys(line.Session, MediaSide.A, SrtpKit.MasterOf(Suite, 2), fromCaller);
        line.Relay.SetKeys(line.Session, MediaSide.B, toShop, SrtpKit.MasterOf(Suite, 4));
        line.Relay.TrySetConversion(line.Session, Pcmu, Opus, isNeeded: true).ShouldBeTrue();
        using var decoder = new OpusDecoder(8000);
        for (var i = 1; i <= 3; i++)
        {
            var wire = SecureLine.Run(caller.ProtectRtp, Line.Packet(0, i, 160));
            var open = SecureLine.Run(shop.UnprotectRtp, line.Carry(line.A, line.B, wire));
            (open[1] & 0x7f).ShouldBe(ConverterKit.TypeOf(AudioCodec.Opus));
            decoder.SamplesIn(open.AsSpan(12)).ShouldBe(160);
        }
    }

    [Theory]
    [InlineData(AudioCodec.G722, 0)]
    [InlineData(AudioCodec.Opus, 0)]
    [InlineData(AudioCodec.Pcma, 60)]
    public void Packet_Converted_AllocatesNothing(AudioCodec to, int ptimeMs)
    {
        using var line = Line.Bare();
        line.Relay.TrySetConversion(line.Session, Pcmu, ConverterKit.Terms(ptimeMs, to), isNeeded: true)
            .ShouldBeTrue();
        Measure(line.TakeOne).ShouldBe(0);
        line.Relay.Counters.PacketsRelayed(MediaSide.A).ShouldBeGreaterThan(190);
    }

    [Fact]
    public void Conversion_BegunAndEnded_AllocatesNothing()
    {
        using var line = Line.Bare();
        Measure(() =>
        {
            line.Relay.TrySetConversion(line.Session, Pcmu, Opus, isNeeded: true);
            line.TakeOne();
            line.Relay.TrySetConversion(line.Session, Pcmu, Pcmu, isNeeded: false);
        }).ShouldBe(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(Action act)
    {
        for (var i = 0; i < 300; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Line : IDisposable
    {
        private readonly byte[] _packet = Packet(0, 1, 160);
        private readonly byte[] _buffer = new byte[2048];
        private int _bare = -1;
        private int _ear = -1;
        private IpEndpoint _local;

        public Line(TranscodeBudget? budget = null)
        {
            Harness = new RelayHarness(new MediaSettings { Transcodes = budget ?? new TranscodeBudget(4) });
            (A, B) = (new MediaPeer(Harness.Address, 9000), new MediaPeer(Harness.Address, 9002));
            Session = Harness.OpenBetween(A, B);
        }

        /// <summary>The same with peers that allocate nothing.</summary>
        public static Line Bare()
        {
            var line = new Line();
            (line._bare, var mouth) = Open(line.Harness.Address);
            (line._ear, var ear) = Open(line.Harness.Address);
            line.Harness.SetRemote(line.Session, MediaSide.A, mouth).ShouldBeTrue();
            line.Harness.SetRemote(line.Session, MediaSide.B, ear).ShouldBeTrue();
            line._local = line.Harness.Local(line.Session, MediaSide.A);
            return line;
        }

        public RelayHarness Harness { get; }

        public MediaRelay Relay => Harness.Relay;

        public MediaPeer A { get; }

        public MediaPeer B { get; }

        public int Session { get; }

        public static byte[] Packet(int type, int sequence, int payload)
        {
            var packet = new byte[12 + payload];
            (packet[0], packet[1], packet[11]) = (0x80, (byte)type, 5);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)sequence * 160);
            for (var i = 12; i < packet.Length; i++) packet[i] = (byte)(i * 37);
            return packet;
        }

        public byte[] Carry(MediaPeer from, MediaPeer to, byte[] packet)
        {
            from.Send(Harness.Local(Session, from == A ? MediaSide.A : MediaSide.B), packet);
            return Harness.PumpTo(to, out _);
        }

        /// <summary>One packet of A's, without anything that allocates.</summary>
        public void TakeOne()
        {
            BinaryPrimitives.WriteUInt16BigEndian(
                _packet.AsSpan(2), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_packet.AsSpan(2)) + 1));
            BinaryPrimitives.WriteUInt32BigEndian(
                _packet.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(_packet.AsSpan(4)) + 160);
            Harness.NowMs += 20;
            UdpSocket.SendTo(_bare, _packet, _local);
            while (Harness.Pump() == 0)
            {
            }
            while (UdpSocket.Receive(_ear, _buffer) >= 0)
            {
            }
        }

        public void Dispose()
        {
            Harness.Dispose();
            A.Dispose();
            B.Dispose();
            if (_bare >= 0) UdpSocket.Close(_bare);
            if (_ear >= 0) UdpSocket.Close(_ear);
        }

        private static (int Socket, IpEndpoint Local) Open(string address)
        {
            var socket = UdpSocket.Open(RelayHarness.Endpoint(address, 0), 0, reusePort: false);
            socket.ShouldBeGreaterThan(0);
            return (socket, UdpSocket.LocalEndpoint(socket));
        }
    }
}
