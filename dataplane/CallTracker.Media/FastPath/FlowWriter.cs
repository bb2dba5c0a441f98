using System.Buffers.Binary;
using CallTracker.Core.Net;

namespace CallTracker.Media.FastPath;

/// <summary>Writes the fixed part of a <see cref="FlowEntry"/>: what to match, what to make of it. Stateless.</summary>
internal static class FlowWriter
{
    private const uint FamilyInet = 2;
    private const uint FamilyInet6 = 10;

    /// <summary>One direction: from a peer to our port, out of our other port to the other peer.</summary>
    public static void Write(
        ref FlowEntry entry,
        in IpEndpoint remote,
        in IpEndpoint local,
        in IpEndpoint newSource,
        in IpEndpoint newTarget,
        in RouteHop hop)
    {
        entry.IpVersion = remote.IsIpv4 ? 4u : 6u;
        entry.RemotePort = BinaryPrimitives.ReverseEndianness(remote.Port);
        entry.LocalPort = BinaryPrimitives.ReverseEndianness(local.Port);
        entry.NewSourcePort = BinaryPrimitives.ReverseEndianness(newSource.Port);
        entry.NewTargetPort = BinaryPrimitives.ReverseEndianness(newTarget.Port);
        _ = remote.WriteAddress(entry.Remote);
        _ = local.WriteAddress(entry.Local);
        _ = newSource.WriteAddress(entry.NewSource);
        _ = newTarget.WriteAddress(entry.NewTarget);
        _ = hop.Next.WriteAddress(entry.NextHop);
        entry.NextHopFamily = hop.Next.IsIpv4 ? FamilyInet : FamilyInet6;
        entry.InterfaceIndex = hop.InterfaceIndex;
        var length = remote.IsIpv4 ? 4 : 16;
        var sum = Sum(entry.NewSource[..length]) + Sum(entry.NewTarget[..length])
            + SumOfComplement(entry.Remote[..length]) + SumOfComplement(entry.Local[..length]);
        entry.AddressDelta = Fold(sum);
        entry.PortDelta = Fold(
            (uint)entry.NewSourcePort + entry.NewTargetPort + (ushort)~entry.RemotePort + (ushort)~entry.LocalPort);
    }

    /// <summary>Whether packets of the direction still go to this neighbour.</summary>
    public static bool GoesTo(ref readonly FlowEntry entry, in RouteHop hop)
    {
        Span<byte> next = stackalloc byte[16];
        next.Clear();
        var length = hop.Next.WriteAddress(next);
        ReadOnlySpan<byte> stored = entry.NextHop;
        return entry.InterfaceIndex == hop.InterfaceIndex
            && entry.NextHopFamily == (hop.Next.IsIpv4 ? FamilyInet : FamilyInet6)
            && stored[..length].SequenceEqual(next[..length]);
    }

    // RFC 1071: words as they lie in memory; the order of bytes does not matter to the sum.
    private static uint Sum(ReadOnlySpan<byte> address)
    {
        uint sum = 0;
        for (; !address.IsEmpty; address = address[2..]) sum += BinaryPrimitives.ReadUInt16LittleEndian(address);
        return sum;
    }

    private static uint SumOfComplement(ReadOnlySpan<byte> address)
    {
        uint sum = 0;
        for (; !address.IsEmpty; address = address[2..])
            sum += (ushort)~BinaryPrimitives.ReadUInt16LittleEndian(address);
        return sum;
    }

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        return (sum & 0xffff) + (sum >> 16);
    }
}
