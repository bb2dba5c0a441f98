using System.Text;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;

namespace CallTracker.Core.Tests.Net;

/// <summary>The system calls as the worker sees them: results are values, never exceptions.</summary>
public sealed class UdpSocketTests
{
    private const int AddressInUse = -98;
    private const int AddressNotAvailable = -99;
    private const int BadDescriptor = -9;
    private const int MessageTooLong = -90;
    private readonly byte[] _buffer = new byte[64];

    [Fact]
    public void Receive_NothingThere_WouldBlock()
    {
        using var socket = new Loopback();
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock);
        UdpSocket.ReceiveFrom(socket.Socket, _buffer, out var source).ShouldBe(UdpSocket.WouldBlock);
        source.ShouldBe(default);
    }

    [Fact]
    public void Receive_LongerThanTheBuffer_TellsTheWholeLength()
    {
        using Loopback socket = new(), peer = new();
        var datagram = Enumerable.Range(0, 200).Select(i => (byte)i).ToArray();
        peer.Send(socket.Endpoint, datagram);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(200);
        _buffer.ShouldBe(datagram[..64]);
        peer.Send(socket.Endpoint, datagram);
        UdpSocket.ReceiveFrom(socket.Socket, _buffer, out var source).ShouldBe(200);
        source.ShouldBe(peer.Endpoint);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock, "the rest of a cut datagram is gone");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void SendTo_EitherFamily_ArrivesWithItsSource(string address)
    {
        using Loopback socket = new(address), peer = new(address);
        socket.Endpoint.Port.ShouldNotBe((ushort)0);
        peer.Send(socket.Endpoint, "hello"u8);
        UdpSocket.ReceiveFrom(socket.Socket, _buffer, out var source).ShouldBe(5);
        _buffer[..5].ShouldBe("hello"u8.ToArray());
        source.ShouldBe(peer.Endpoint);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void SendSegments_OfOneLength_ArriveOneByOne(string address)
    {
        using Loopback socket = new(address), peer = new(address);
        UdpSocket.SendSegments(peer.Socket, "one two three"u8[..11], 4, socket.Endpoint).ShouldBe(11);
        foreach (var expected in (string[])["one ", "two ", "thr"])
        {
            var length = UdpSocket.ReceiveFrom(socket.Socket, _buffer, out var source);
            Encoding.ASCII.GetString(_buffer, 0, Math.Max(0, length)).ShouldBe(expected);
            source.ShouldBe(peer.Endpoint);
        }
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock);
    }

    [Fact]
    public void Send_EmptyDatagram_ArrivesAsLengthZero()
    {
        using Loopback socket = new(), peer = new();
        peer.Send(socket.Endpoint, []);
        UdpSocket.ReceiveFrom(socket.Socket, _buffer, out var source).ShouldBe(0);
        source.ShouldBe(peer.Endpoint);
    }

    [Fact]
    public void Connect_Stranger_IsNotHeard()
    {
        using Loopback socket = new(), peer = new(), stranger = new();
        UdpSocket.Connect(socket.Socket, peer.Endpoint).ShouldBe(0);
        stranger.Send(socket.Endpoint, "bleed"u8);
        peer.Send(socket.Endpoint, "voice"u8);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(5);
        _buffer[0].ShouldBe((byte)'v');
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock);
        UdpSocket.Send(socket.Socket, "back"u8).ShouldBe(4);
        UdpSocket.Receive(peer.Socket, _buffer).ShouldBe(4);
    }

    [Fact]
    public void Connect_Again_MovesToTheNewPeer()
    {
        using Loopback socket = new(), first = new(), second = new();
        UdpSocket.Connect(socket.Socket, first.Endpoint).ShouldBe(0);
        UdpSocket.Connect(socket.Socket, second.Endpoint).ShouldBe(0);
        first.Send(socket.Endpoint, "old"u8);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock);
        second.Send(socket.Endpoint, "new"u8);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(3);
    }

    [Fact]
    public void Disconnect_PortAskedForByNumber_IsKeptAndHearsAll()
    {
        var free = FreePort();
        using Loopback socket = new("127.0.0.1", free), peer = new(), stranger = new();
        UdpSocket.Connect(socket.Socket, peer.Endpoint).ShouldBe(0);
        UdpSocket.Disconnect(socket.Socket).ShouldBe(0);
        UdpSocket.LocalEndpoint(socket.Socket).ShouldBe(socket.Endpoint);
        stranger.Send(socket.Endpoint, "all"u8);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(3);
    }

    [Fact]
    public void Disconnect_PortChosenByTheKernel_IsGivenUp()
    {
        using Loopback socket = new(), peer = new();
        UdpSocket.Connect(socket.Socket, peer.Endpoint).ShouldBe(0);
        UdpSocket.Disconnect(socket.Socket).ShouldBe(0);
        UdpSocket.LocalEndpoint(socket.Socket).Port.ShouldBe((ushort)0);
    }

    [Fact]
    public void Send_PeerClosed_IsRefusedOnceAndThenGoesOn()
    {
        using var socket = new Loopback();
        var peer = new Loopback();
        UdpSocket.Connect(socket.Socket, peer.Endpoint).ShouldBe(0);
        peer.Dispose();
        UdpSocket.Send(socket.Socket, "x"u8).ShouldBe(1);
        UdpSocket.Send(socket.Socket, "x"u8).ShouldBe(UdpSocket.Refused);
        UdpSocket.Send(socket.Socket, "x"u8).ShouldBe(1);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.Refused);
        UdpSocket.Receive(socket.Socket, _buffer).ShouldBe(UdpSocket.WouldBlock);
    }

    [Fact]
    public void Send_TooLong_GivesTheError()
    {
        using Loopback socket = new(), peer = new();
        UdpSocket.SendTo(socket.Socket, new byte[65_536], peer.Endpoint).ShouldBe(MessageTooLong);
    }

    [Fact]
    public void Open_PortTaken_GivesTheErrorAndLeaksNoDescriptor()
    {
        using var socket = new Loopback();
        var before = OpenDescriptors();
        for (var i = 0; i < 50; i++) UdpSocket.Open(socket.Endpoint, 0, reusePort: false).ShouldBe(AddressInUse);
        UdpSocket.Open(IpEndpoint.FromIpv4(0xC000_0201, 0), 0, reusePort: false).ShouldBe(AddressNotAvailable);
        OpenDescriptors().ShouldBeLessThan(before + 40);
    }

    [Fact]
    public void Open_ReusePort_IsShared()
    {
        var first = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F00_0001, 0), 0, reusePort: true);
        var second = UdpSocket.Open(UdpSocket.LocalEndpoint(first), 0, reusePort: true);
        second.ShouldBeGreaterThan(0);
        UdpSocket.LocalEndpoint(second).ShouldBe(UdpSocket.LocalEndpoint(first));
        UdpSocket.Close(first);
        UdpSocket.Close(second);
    }

    [Fact]
    public void Calls_BadDescriptor_GiveTheError()
    {
        UdpSocket.Send(-1, "x"u8).ShouldBe(BadDescriptor);
        UdpSocket.Receive(-1, _buffer).ShouldBe(BadDescriptor);
        UdpSocket.Connect(-1, IpEndpoint.FromIpv4(0x7F00_0001, 9)).ShouldBe(BadDescriptor);
        UdpSocket.Disconnect(-1).ShouldBe(BadDescriptor);
        UdpSocket.LocalEndpoint(-1).ShouldBe(default);
    }

    private static int FreePort()
    {
        using var probe = new Loopback();
        return probe.Endpoint.Port;
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
