using System.Buffers.Binary;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>Keys and packets for tests of SRTP, and both directions of one key.</summary>
internal sealed class SrtpKit : IDisposable
{
    private readonly SrtpPool _pool = new();

    public SrtpKit(SrtpSuite suite, byte seed = 1)
    {
        Master = MasterOf(suite, seed);
        Sender.Begin(_pool.Rent(Master, seals: true));
        Receiver.Begin(_pool.Rent(Master, seals: false));
    }

    public SrtpMaster Master { get; }

    public SrtpSender Sender { get; } = new();

    public SrtpReceiver Receiver { get; } = new();

    public static TheoryData<SrtpSuite> Suites =>
    [
        SrtpSuite.Aead256Gcm, SrtpSuite.Aead128Gcm, SrtpSuite.Cm256Sha80, SrtpSuite.Cm128Sha80, SrtpSuite.Cm256Sha32,
        SrtpSuite.Cm128Sha32,
    ];

    public static SrtpMaster MasterOf(SrtpSuite suite, byte seed = 1)
    {
        var bytes = new byte[SrtpSuites.MasterLength(suite)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)((i * 7) + (seed * 31));
        return SrtpMaster.Of(suite, bytes);
    }

    /// <summary>A packet with a contributing source and an extension, whose header stays clear.</summary>
    public static byte[] LongHeader(int sequence)
    {
        var packet = new byte[64];
        packet[0] = 0x91;
        packet[1] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xcafe_babe);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(18), 2);
        for (var i = 28; i < packet.Length; i++) packet[i] = (byte)i;
        return packet;
    }

    public byte[] Seal(byte[] packet)
    {
        var (result, sealedPacket) = TrySeal(packet);
        result.ShouldBe(SrtpResult.Ok);
        return sealedPacket;
    }

    public (SrtpResult Result, byte[] Packet) TrySeal(byte[] packet)
    {
        var buffer = new byte[packet.Length + SrtpSuites.OverheadMax];
        packet.CopyTo(buffer, 0);
        var length = packet.Length;
        var header = HeaderOf(packet);
        var result = Sender.SealRtp(buffer, header.HeaderLength, header.Sequence, header.Ssrc, ref length);
        return (result, buffer[..length]);
    }

    public (SrtpResult Result, byte[] Packet) Open(byte[] packet) => Open(Receiver, packet);

    public static (SrtpResult Result, byte[] Packet) Open(SrtpReceiver receiver, byte[] packet)
    {
        var buffer = packet.ToArray();
        var header = HeaderOf(packet);
        var result = receiver.OpenRtp(buffer, header.HeaderLength, header.Sequence, header.Ssrc, out var length);
        return (result, result == SrtpResult.Ok ? buffer[..length] : buffer);
    }

    public byte[] SealRtcp(byte[] datagram)
    {
        var buffer = new byte[datagram.Length + SrtpSuites.OverheadMax];
        datagram.CopyTo(buffer, 0);
        var length = datagram.Length;
        Sender.SealRtcp(buffer, ref length).ShouldBe(SrtpResult.Ok);
        return buffer[..length];
    }

    public (SrtpResult Result, byte[] Datagram) OpenRtcp(byte[] datagram)
    {
        var buffer = datagram.ToArray();
        var result = Receiver.OpenRtcp(buffer, out var length);
        return (result, result == SrtpResult.Ok ? buffer[..length] : buffer);
    }

    public void Dispose() => _pool.Dispose();

    private static RtpHeader HeaderOf(byte[] packet)
    {
        RtpHeader.Parse(packet, paddingReadable: false, out var header).ShouldBe(RtpParseResult.Ok);
        return header;
    }
}
