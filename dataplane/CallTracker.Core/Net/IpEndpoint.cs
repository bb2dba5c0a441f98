using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CallTracker.Core.Net;

/// <summary>
/// An IP address and port as a plain value: IPv6, with IPv4 kept in its mapped form (RFC 4291 section 2.5.5.2).
/// Comparing and hashing allocate nothing.
/// </summary>
public readonly struct IpEndpoint : IEquatable<IpEndpoint>
{
    /// <summary>The longest text of an address alone, in bytes (INET6_ADDRSTRLEN).</summary>
    public const int TextLengthMax = 46;
    private const ulong Ipv4Prefix = 0x0000_ffff_0000_0000;
    private readonly ulong _high;
    private readonly ulong _low;

    public IpEndpoint(ulong high, ulong low, ushort port)
    {
        _high = high;
        _low = low;
        Port = port;
    }

    /// <summary>The first 64 bits of the address.</summary>
    public ulong High => _high;

    /// <summary>The last 64 bits of the address.</summary>
    public ulong Low => _low;

    public ushort Port { get; }

    public bool IsIpv4 => _high == 0 && (_low & 0xffff_ffff_0000_0000) == Ipv4Prefix;

    /// <summary>The IPv4 address in host order; meaningful only when <see cref="IsIpv4"/>.</summary>
    public uint Ipv4 => (uint)_low;

    /// <summary>True for 0.0.0.0 and :: (also the default value).</summary>
    public bool IsUnspecified => _high == 0 && (_low == 0 || _low == Ipv4Prefix);

    public bool IsLoopback => IsIpv4 ? Ipv4 >> 24 == 127 : _high == 0 && _low == 1;

    /// <summary>Multicast and broadcast addresses are never a peer.</summary>
    public bool IsMulticast => IsIpv4 ? Ipv4 >> 28 == 0xe || Ipv4 == uint.MaxValue : _high >> 56 == 0xff;

    /// <summary>
    /// True for addresses that mean something else in another network: private (RFC 1918, RFC 6598, RFC 4193) and link
    /// local (RFC 3927, RFC 4291 section 2.5.6). Loopback is not among them.
    /// </summary>
    public bool IsPrivate => IsIpv4
        ? Ipv4 >> 24 == 10 || Ipv4 >> 20 == 0xac1 || Ipv4 >> 16 is 0xc0a8 or 0xa9fe || Ipv4 >> 22 == 0x191
        : _high >> 57 == 0x7e || _high >> 54 == 0x3fa;

    public static IpEndpoint FromIpv4(uint address, ushort port) => new(0, Ipv4Prefix | address, port);

    public static IpEndpoint From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes, out _);
            return FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port);
        }
        address.TryWriteBytes(bytes, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return new IpEndpoint(high, BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)port);
    }

    public IpEndpoint WithPort(ushort port) => new(_high, _low, port);

    public bool SameAddress(in IpEndpoint other) => _high == other._high && _low == other._low;

    public bool Equals(IpEndpoint other) => _high == other._high && _low == other._low && Port == other.Port;

    public override bool Equals(object? obj) => obj is IpEndpoint other && Equals(other);

    public override int GetHashCode()
    {
        var mixed = (_high * 0x9E37_79B9_7F4A_7C15) ^ (_low * 0xC2B2_AE3D_27D4_EB4F) ^ Port;
        return (int)(mixed ^ (mixed >> 32));
    }

    public static bool operator ==(IpEndpoint left, IpEndpoint right) => left.Equals(right);

    public static bool operator !=(IpEndpoint left, IpEndpoint right) => !left.Equals(right);

    /// <summary>
    /// Reads an address without brackets: <c>127.0.0.1</c> or <c>2001:db8::1</c>. No names, no scopes.
    /// </summary>
    public static bool TryParseAddress(ReadOnlySpan<byte> text, ushort port, out IpEndpoint endpoint)
    {
        if (text.IndexOf((byte)':') < 0) return TryParseIpv4(text, port, out endpoint);
        endpoint = default;
        if (text.Length > TextLengthMax || text.IndexOf((byte)'%') >= 0) return false;
        return IpAddressText.TryParseIpv6(text, port, out endpoint);
    }

    /// <summary>Writes the address as it stands in packets, 4 or 16 bytes in network order; the byte count.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, Ipv4);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    /// <summary>Reads what <see cref="WriteAddress"/> writes; false for another length, then nothing is
    /// changed.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> bytes, ref IpEndpoint endpoint)
    {
        if (bytes.Length == 4)
            endpoint = FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), 0);
        else if (bytes.Length == 16)
            endpoint = new IpEndpoint(
                BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), 0);
        return bytes.Length is 4 or 16;
    }

    /// <summary>Writes the address alone (IPv4 dotted, IPv6 without brackets); the byte count.</summary>
    public int FormatAddress(Span<byte> destination) =>
        IsIpv4 ? IpAddressText.WriteIpv4(Ipv4, destination) : IpAddressText.WriteIpv6(_high, _low, destination);

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLengthMax];
        var length = FormatAddress(text);
        Span<char> chars = stackalloc char[TextLengthMax];
        for (var i = 0; i < length; i++) chars[i] = (char)text[i];
        var address = new string(chars[..length]);
        return IsIpv4 ? $"{address}:{Port}" : $"[{address}]:{Port}";
    }

    private static bool TryParseIpv4(ReadOnlySpan<byte> text, ushort port, out IpEndpoint endpoint)
    {
        var parsed = IpAddressText.TryParseIpv4(text, out var address);
        endpoint = parsed ? FromIpv4(address, port) : default;
        return parsed;
    }
}
