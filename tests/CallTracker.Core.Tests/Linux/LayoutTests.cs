using System.Runtime.CompilerServices;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;

namespace CallTracker.Core.Tests.Linux;

/// <summary>The kernel's structures, byte by byte, as the C compiler lays them out on 64-bit Linux.</summary>
public sealed unsafe class LayoutTests
{
    [Fact]
    public void MultiMessage_Offsets_AreThoseOfMmsghdr()
    {
        MultiMessage message;
        var start = (byte*)&message;
        Offset(start, &message.Name).ShouldBe(0);
        Offset(start, &message.NameLength).ShouldBe(8);
        Offset(start, &message.Vectors).ShouldBe(16);
        Offset(start, &message.VectorCount).ShouldBe(24);
        Offset(start, &message.Control).ShouldBe(32);
        Offset(start, &message.ControlLength).ShouldBe(40);
        Offset(start, &message.Flags).ShouldBe(48);
        Offset(start, &message.Length).ShouldBe(56);
        sizeof(MultiMessage).ShouldBe(64);
    }

    [Fact]
    public void TimeSpec_OfMicroseconds_IsSecondsAndNanoseconds()
    {
        var time = TimeSpec.OfMicroseconds(3_000_250);
        (time.Seconds, time.Nanoseconds).ShouldBe((3, 250_000));
        Offset((byte*)&time, &time.Nanoseconds).ShouldBe(8);
        sizeof(TimeSpec).ShouldBe(16);
    }

    [Fact]
    public void IoVector_Offsets_AreThoseOfIovec()
    {
        IoVector vector;
        Offset((byte*)&vector, &vector.Base).ShouldBe(0);
        Offset((byte*)&vector, &vector.Length).ShouldBe(8);
        sizeof(IoVector).ShouldBe(16);
    }

    [Fact]
    public void EpollEvent_OnX64_IsPacked()
    {
        EpollEvent change;
        Offset((byte*)&change, &change.Events).ShouldBe(0);
        Offset((byte*)&change, &change.Data).ShouldBe(4);
        sizeof(EpollEvent).ShouldBe(12);
    }

    [Fact]
    public void SockAddr_Ipv4_IsSockaddrIn()
    {
        sizeof(SockAddr).ShouldBe(28);
        SockAddr.Write(IpEndpoint.FromIpv4(0xC000_0201, 0x13C4), out var address).ShouldBe(16);
        byte[] expected = [2, 0, 0x13, 0xC4, 192, 0, 2, 1, .. new byte[20]];
        Bytes(address).ShouldBe(expected);
        address.Read().ShouldBe(IpEndpoint.FromIpv4(0xC000_0201, 0x13C4));
    }

    [Fact]
    public void SockAddr_Ipv6_IsSockaddrIn6()
    {
        var endpoint = new IpEndpoint(0x2001_0db8_0102_0304, 0x0506_0708_090a_0b0c, 0xFFFE);
        SockAddr.Write(endpoint, out var address).ShouldBe(28);
        byte[] expected =
            [10, 0, 0xFF, 0xFE, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0];
        Bytes(address).ShouldBe(expected);
        address.Read().ShouldBe(endpoint);
    }

    private static byte[] Bytes(in SockAddr address) =>
        new ReadOnlySpan<byte>(Unsafe.AsPointer(ref Unsafe.AsRef(in address)), sizeof(SockAddr)).ToArray();

    private static long Offset(byte* start, void* field) => (byte*)field - start;
}
