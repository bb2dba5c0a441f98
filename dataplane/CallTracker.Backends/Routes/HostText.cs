using System.Globalization;
using System.Text;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;

namespace CallTracker.Backends.Routes;

/// <summary>Reads the written forms of hosts and sources. Stateless.</summary>
internal static class HostText
{
    private const int Ipv4Bits = 96;

    // address, address:port, [v6]:port, address/prefix-length
    public static bool TryParseSource(string text, out InboundSource source)
    {
        source = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!TryParseAddress(text[..slash].Trim('[', ']'), 0, out var range)) return false;
            if (!TryParseCount(text.AsSpan(slash + 1), range.IsIpv4 ? 32 : 128, out var bits)) return false;
            source = new InboundSource(range, range.IsIpv4 ? Ipv4Bits + bits : bits);
            return true;
        }
        if (!TrySplit(text, out var host, out var port) || !TryParseAddress(host, port, out var address)) return false;
        source = new InboundSource(address, 128);
        return true;
    }

    // host, host:port, v6 alone, [v6], [v6]:port; the port is 0 when none is named.
    public static bool TrySplit(string text, out string host, out ushort port)
    {
        (host, port) = (text, 0);
        if (text.Length is 0 or > 255) return false;
        if (text[0] == '[')
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) return false;
            host = text[1..end];
            if (end + 1 == text.Length) return true;
            return text[end + 1] == ':' && TryParsePort(text.AsSpan(end + 2), out port);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.LastIndexOf(':') != colon) return true;
        host = text[..colon];
        return host.Length > 0 && TryParsePort(text.AsSpan(colon + 1), out port);
    }

    public static bool TryParseAddress(string text, ushort port, out IpEndpoint address)
    {
        Span<byte> bytes = stackalloc byte[IpEndpoint.TextLengthMax];
        address = default;
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length)
            && IpEndpoint.TryParseAddress(bytes[..length], port, out address);
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;

    private static bool TryParseCount(ReadOnlySpan<char> text, int max, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= max;
}
