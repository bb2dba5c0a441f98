using System.Buffers.Binary;
using System.Buffers.Text;

namespace CallTracker.Core.Net;

/// <summary>Reads and writes the text of IP addresses over ASCII bytes, without strings. Stateless.</summary>
internal static class IpAddressText
{
    // IPv4address = 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT
    public static bool TryParseIpv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (end is < 1 or > 3) return false;
            if (!TryReadOctet(text[..end], out var octet)) return false;
            address = (address << 8) | octet;
            text = part < 3 ? text[(end + 1)..] : default;
        }
        return true;
    }

    public static int WriteIpv4(uint address, Span<byte> destination)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Utf8Formatter.TryFormat((byte)(address >> shift), destination[length..], out var written);
            length += written;
            if (shift > 0) destination[length++] = (byte)'.';
        }
        return length;
    }

    // IPv6 text, RFC 4291 section 2.2: eight groups, one "::", an IPv4 tail allowed.
    public static bool TryParseIpv6(ReadOnlySpan<byte> text, ushort port, out IpEndpoint endpoint)
    {
        endpoint = default;
        Span<ushort> groups = stackalloc ushort[8];
        groups.Clear();
        int count = 0, gap = -1;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            if (count == 8) return false;
            var end = text.IndexOf((byte)':');
            var group = end < 0 ? text : text[..end];
            if (end < 0 && group.IndexOf((byte)'.') >= 0)
            {
                if (count > 6 || !TryParseIpv4(group, out var tail)) return false;
                groups[count++] = (ushort)(tail >> 16);
                groups[count++] = (ushort)tail;
                break;
            }
            if (!TryReadGroup(group, out groups[count])) return false;
            count++;
            if (end < 0) break;
            text = text[(end + 1)..];
            if (text.IsEmpty) return false;
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = text[1..];
        }
        return TryPlaceGroups(groups, count, gap, port, out endpoint);
    }

    // RFC 5952: lower case, the longest run of two or more zero groups becomes "::", the first of equals.
    public static int WriteIpv6(ulong high, ulong low, Span<byte> destination)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < 4; i++)
        {
            groups[i] = (ushort)(high >> (48 - (16 * i)));
            groups[i + 4] = (ushort)(low >> (48 - (16 * i)));
        }
        var (start, run) = LongestZeroRun(groups);
        var length = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == start && run > 1)
            {
                destination[length++] = (byte)':';
                if (i == 0) destination[length++] = (byte)':';
                i += run - 1;
                if (i == 7 && start == 0 && run == 8) return length;
                continue;
            }
            Utf8Formatter.TryFormat(groups[i], destination[length..], out var written, new('x'));
            length += written;
            if (i < 7) destination[length++] = (byte)':';
        }
        return length;
    }

    private static bool TryReadOctet(ReadOnlySpan<byte> text, out byte octet)
    {
        var parsed = Utf8Parser.TryParse(text, out octet, out var used) && used == text.Length;
        return parsed && text[0] is >= (byte)'0' and <= (byte)'9';
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> text, out ushort group)
    {
        group = 0;
        if (text.Length is < 1 or > 4) return false;
        return Utf8Parser.TryParse(text, out group, out var used, 'x') && used == text.Length;
    }

    private static bool TryPlaceGroups(
        Span<ushort> groups, int count, int gap, ushort port, out IpEndpoint endpoint)
    {
        endpoint = default;
        if (gap < 0 ? count != 8 : count > 7) return false;
        if (gap >= 0)
        {
            var tail = count - gap;
            for (var i = 1; i <= tail; i++) (groups[8 - i], groups[count - i]) = (groups[count - i], (ushort)0);
        }
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * i)..], groups[i]);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        endpoint = new IpEndpoint(high, BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port);
        return true;
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        int start = -1, length = 0;
        for (var i = 0; i < 8; i++)
        {
            var run = 0;
            while (i + run < 8 && groups[i + run] == 0) run++;
            if (run > length) (start, length) = (i, run);
            i += run;
        }
        return (start, length);
    }
}
